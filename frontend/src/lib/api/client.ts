import { problemFrom, unreachable } from './problem';
import { noteServerTime } from './skew';
import type * as t from './types';

type Query = Record<string, string | number | boolean | undefined>;
interface Options {
  query?: Query;
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

let signedOut: () => void = () => undefined;

/** What to do when the server says that the session is over; the sign-in form itself is not told. */
export function onSignedOut(action: () => void): void {
  signedOut = action;
}

async function answer(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers = new Headers({ accept: 'application/json, application/problem+json' });
  if (options.body !== undefined) headers.set('content-type', 'application/json');
  if (options.idempotencyKey) headers.set('idempotency-key', options.idempotencyKey);
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== '') query.set(name, String(value));
  }
  const address = query.size > 0 ? `${path}?${query}` : path;
  let response: Response;
  try {
    response = await fetch(address, {
      method,
      headers,
      body: options.body === undefined ? undefined : JSON.stringify(options.body),
      signal: options.signal,
      cache: 'no-store',
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw unreachable();
  }
  noteServerTime(response.headers.get('date'));
  if (response.ok) return response;
  const problem = await problemFrom(response);
  // Whoever asks for the session itself wants to know, and is not to be sent away for it.
  if (problem.code === 'not_signed_in' && path !== '/api/session') signedOut();
  throw problem;
}

async function read<T>(path: string, query?: Query): Promise<T> {
  return (await answer('GET', path, { query })).json() as Promise<T>;
}

async function send<T>(method: string, path: string, options?: Options): Promise<T> {
  return (await answer(method, path, options)).json() as Promise<T>;
}

async function tell(method: string, path: string, options?: Options): Promise<void> {
  await answer(method, path, options);
}

const at = encodeURIComponent;

/** Every call of the server, by slice. A refusal is thrown as a `Problem`. */
export const api = {
  about: () => read<t.About>('/api/about'),

  session: {
    me: () => read<t.Me>('/api/session'),
    signIn: (email: string, password: string) =>
      send<t.Me>('POST', '/api/session', { body: { email, password } }),
    signOut: () => tell('DELETE', '/api/session'),
    signOutEverywhere: () => tell('DELETE', '/api/sessions'),
    devices: () => read<{ items: t.Device[] }>('/api/sessions'),
    personas: () => read<{ items: t.Persona[] }>('/api/demo/personas'),
  },

  invitations: {
    look: (token: string) => read<t.Invitation>(`/api/invitations/${at(token)}`),
    accept: (token: string, body: { name: string; password: string; email?: string }) =>
      send<t.Me>('POST', `/api/invitations/${at(token)}/accept`, { body }),
  },

  communities: {
    list: () => read<{ items: t.CommunityCard[] }>('/api/communities'),
    get: (slug: string) => read<t.Community>(`/api/communities/${at(slug)}`),
    create: (body: { slug: string; name: string; audience: t.Audience; description: string }) =>
      send<{ community: { id: string; slug: string }; submission: t.Accepted | null }>(
        'POST',
        '/api/communities',
        { body },
      ),
    describe: (slug: string, body: string) =>
      send<t.Accepted>('PUT', `/api/communities/${at(slug)}/description`, { body: { body } }),
    setProduct: (slug: string, product: t.Product) =>
      send<t.Product>('PUT', `/api/communities/${at(slug)}/products/${at(product.id)}`, {
        body: product,
      }),
    setProfile: (slug: string, body: string, idempotencyKey?: string) =>
      send<t.Accepted>('PUT', `/api/communities/${at(slug)}/profile`, {
        body: { body },
        idempotencyKey,
      }),
    members: (slug: string, cursor?: string) =>
      read<t.Page<t.Member>>(`/api/communities/${at(slug)}/members`, { cursor }),
    setMember: (
      slug: string,
      account: string,
      body: { roles?: t.Role[]; speaker?: t.SpeakerClass },
    ) => send<t.Member>('PATCH', `/api/communities/${at(slug)}/members/${at(account)}`, { body }),
    endMembership: (slug: string, account: string) =>
      tell('DELETE', `/api/communities/${at(slug)}/members/${at(account)}`),
    invitations: (slug: string, cursor?: string) =>
      read<t.Page<t.SentInvitation>>(`/api/communities/${at(slug)}/invitations`, { cursor }),
    invite: (
      slug: string,
      body: { email: string; name: string; speaker: t.SpeakerClass; roles: t.Role[] },
    ) =>
      send<{ id: string; link: string; expires_at: string }>(
        'POST',
        `/api/communities/${at(slug)}/invitations`,
        { body },
      ),
    revokeInvitation: (slug: string, id: string) =>
      tell('DELETE', `/api/communities/${at(slug)}/invitations/${at(id)}`),
    threads: (slug: string, cursor?: string) =>
      read<t.Page<t.ThreadCard>>(`/api/communities/${at(slug)}/threads`, { cursor }),
    startThread: (
      slug: string,
      body: { title: string; body: string; product_id?: string },
      idempotencyKey: string,
    ) => send<t.Accepted>('POST', `/api/communities/${at(slug)}/threads`, { body, idempotencyKey }),
  },

  threads: {
    get: (id: string) => read<t.Thread>(`/api/threads/${at(id)}`),
    reply: (id: string, body: { body: string; parent_id?: string }, idempotencyKey: string) =>
      send<t.Accepted>('POST', `/api/threads/${at(id)}/replies`, { body, idempotencyKey }),
  },

  posts: {
    revise: (id: string, body: { title?: string; body: string }, idempotencyKey: string) =>
      send<t.Accepted>('POST', `/api/posts/${at(id)}/revisions`, { body, idempotencyKey }),
    precheck: (body: t.PrecheckInput, signal?: AbortSignal) =>
      send<t.Precheck>('POST', '/api/precheck', { body, signal }),
  },

  submissions: {
    list: (query: { state?: t.SubmissionState; cursor?: string } = {}) =>
      read<t.Page<t.Submission>>('/api/submissions', query),
    get: (id: string) => read<t.Submission>(`/api/submissions/${at(id)}`),
    withdraw: (id: string) => tell('POST', `/api/submissions/${at(id)}/withdraw`),
  },

  review: {
    items: (
      query: {
        community?: string;
        family?: t.Family;
        verdict?: t.Verdict;
        state?: t.ItemState;
        mine?: boolean;
        cursor?: string;
        limit?: number;
      } = {},
    ) => read<t.ItemPage>('/api/review/items', query),
    item: (id: string) => read<t.Item>(`/api/review/items/${at(id)}`),
    claim: (id: string) => send<t.Lease>('POST', `/api/review/items/${at(id)}/claim`),
    heartbeat: (id: string, fence: number) =>
      send<t.Lease>('POST', `/api/review/items/${at(id)}/heartbeat`, { body: { fence } }),
    unclaim: (id: string, fence: number) =>
      tell('POST', `/api/review/items/${at(id)}/unclaim`, { body: { fence } }),
    decide: (id: string, body: t.DecisionInput) =>
      send<t.Decision>('POST', `/api/review/items/${at(id)}/decision`, { body }),
    dispose: (id: string, body: t.DispositionInput) =>
      send<{ case_id: string; disposition: t.Disposition }>(
        'POST',
        `/api/review/items/${at(id)}/disposition`,
        { body },
      ),
  },

  safety: {
    cases: (query: { community?: string; state?: t.CaseState; cursor?: string } = {}) =>
      read<t.Page<t.CaseCard>>('/api/safety/cases', query),
    case: (id: string) => read<t.SafetyCase>(`/api/safety/cases/${at(id)}`),
  },

  audit: {
    records: (query: t.AuditQuery = {}) =>
      read<t.Page<t.AuditRecord>>('/api/audit/records', { ...query }),
    actions: () => read<{ items: string[] }>('/api/audit/actions'),
    checkpoint: () => read<t.Checkpoint>('/api/audit/checkpoint'),
    proof: (id: string) => read<t.InclusionProof>(`/api/audit/records/${at(id)}/proof`),
    verify: () => send<t.Verification>('POST', '/api/audit/verification'),
  },

  exports: {
    /** The inspection bundle as a zip file, with the name the server gave it. */
    create: async (communities?: string[]): Promise<{ file: Blob; name: string }> => {
      const response = await answer('POST', '/api/exports', {
        body: communities ? { communities } : {},
      });
      const disposition = response.headers.get('content-disposition') ?? '';
      const name = /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? 'hortus-inspection.zip';
      return { file: await response.blob(), name };
    },
  },
};
