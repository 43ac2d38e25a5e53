import createClient from 'openapi-fetch';
import { problemFrom, unreachable } from './problem';
import type { paths } from './schema';
import { noteServerTime } from './skew';
import type * as t from './types';

let signedOut: () => void = () => undefined;

let lacksSecondFactor: () => void = () => undefined;

/** What to do when a role of staff is used in a session without the second factor that it takes. */
export function onSecondFactorDue(action: () => void): void {
  lacksSecondFactor = action;
}

/** What to do when the server says that the session is over; the sign-in form itself is not told. */
export function onSignedOut(action: () => void): void {
  signedOut = action;
}

const server = createClient<paths>({ cache: 'no-store', fetch: (request) => fetch(request) });

server.use({
  async onResponse({ response, schemaPath }) {
    noteServerTime(response.headers.get('date'));
    if (response.ok) return;
    const problem = await problemFrom(response);
    // Whoever asks for the session itself wants to know, and is not to be sent away for it.
    if (problem.code === 'not_signed_in' && schemaPath !== '/api/session') signedOut();
    if (problem.code === 'second_factor_due') lacksSecondFactor();
    throw problem;
  },
  onError({ error }) {
    const given = error instanceof DOMException && error.name === 'AbortError';
    return given ? undefined : unreachable();
  },
});

/** The body of an answer. A refusal has been thrown before this is reached. */
async function told<T>(call: Promise<{ data?: T }>): Promise<t.Told<T>> {
  return (await call).data as t.Told<T>;
}

async function done(call: Promise<unknown>): Promise<void> {
  await call;
}

const id = (id: string) => ({ params: { path: { id } } });
const slug = (slug: string) => ({ params: { path: { slug } } });
const from = (slug: string, cursor?: string) => ({ params: { path: { slug }, query: { cursor } } });
/** Sending a text twice under one key makes one submission. */
const once = (key?: string) => (key ? { 'Idempotency-Key': key } : {});

/** Every call of the server, by slice. A refusal is thrown as a `Problem`. */
export const api = {
  about: () => told(server.GET('/api/about')),

  session: {
    me: () => told(server.GET('/api/session')),
    signIn: (email: string, password: string, code?: string) =>
      told(server.POST('/api/session', { body: { email, password, code } })),
    signOut: () => done(server.DELETE('/api/session')),
    signOutEverywhere: () => done(server.DELETE('/api/sessions')),
    devices: () => told(server.GET('/api/sessions')),
    personas: () => told(server.GET('/api/demo/personas')) as Promise<{ items: t.Persona[] }>,
  },

  account: {
    secondFactor: () => told(server.GET('/api/account/factor')),
    beginSecondFactor: (body: t.EnrolmentInput) =>
      told(server.POST('/api/account/factor', { body })),
    confirmSecondFactor: (code: string) =>
      told(server.POST('/api/account/factor/confirmation', { body: { code } })),
    renewRecoveryCodes: (password: string, code: string) =>
      told(server.POST('/api/account/factor/codes', { body: { password, code } })),
    changePassword: (body: t.PasswordInput) => done(server.PUT('/api/account/password', { body })),
    signing: () => told(server.GET('/api/account/signing')),
    acceptSigning: (statement_hash: string) =>
      done(server.POST('/api/account/signing', { body: { statement_hash } })),
  },

  demo: {
    code: () => told(server.GET('/api/demo/code')),
  },

  signers: {
    list: (name: string) => told(server.GET('/api/communities/{slug}/signers', slug(name))),
    verify: (name: string, account_id: string, evidence: string) =>
      done(
        server.POST('/api/communities/{slug}/signers/{account_id}/verification', {
          params: { path: { slug: name, account_id } },
          body: { evidence },
        }),
      ),
    resetSecondFactor: (name: string, account_id: string) =>
      told(
        server.POST('/api/communities/{slug}/signers/{account_id}/reset', {
          params: { path: { slug: name, account_id } },
        }),
      ),
  },

  invitations: {
    look: (token: string) =>
      told(server.GET('/api/invitations/{token}', { params: { path: { token } } })),
    accept: (
      token: string,
      body: { password: string; name?: string; email?: string; code?: string },
    ) =>
      told(server.POST('/api/invitations/{token}/accept', { params: { path: { token } }, body })),
  },

  policy: {
    get: (name: string) =>
      told(server.GET('/api/communities/{slug}/policy', slug(name))) as Promise<t.PolicyView>,
    versions: (name: string, cursor?: string) =>
      told(server.GET('/api/communities/{slug}/policy/versions', from(name, cursor))) as Promise<
        t.Page<t.PolicyVersion>
      >,
    preview: (name: string, body: t.PolicyInput) =>
      told(
        server.POST('/api/communities/{slug}/policy/preview', { ...slug(name), body }),
      ) as Promise<t.PolicyPreview>,
    propose: (name: string, body: t.PolicyInput) =>
      told(
        server.POST('/api/communities/{slug}/policy/proposals', { ...slug(name), body }),
      ) as Promise<t.PolicyVersion>,
    answer: (name: string, id: string, answer: t.PolicyAnswer, words: string | null) =>
      told(
        server.POST('/api/communities/{slug}/policy/proposals/{id}/answer', {
          params: { path: { slug: name, id } },
          body: { answer, words },
        }),
      ) as Promise<t.PolicyVersion>,
    deliveries: (name: string) =>
      told(server.GET('/api/communities/{slug}/deliveries', slug(name))),
    makeSecret: (name: string) =>
      told(server.POST('/api/communities/{slug}/webhook/secret', slug(name))),
  },

  quality: {
    figures: (name: string, since: string) =>
      told(
        server.GET('/api/communities/{slug}/quality', {
          params: { path: { slug: name }, query: { from: since } },
        }),
      ),
    overturned: (query: { community?: string; mine?: boolean; from?: string } = {}) =>
      told(server.GET('/api/quality/overturned', { params: { query } })),
    seeds: (name: string) => told(server.GET('/api/communities/{slug}/quality/seeds', slug(name))),
    golden: (name: string) => told(server.GET('/api/communities/{slug}/golden', slug(name))),
    keepGolden: (name: string, body: t.GoldenInput) =>
      told(server.POST('/api/communities/{slug}/golden', { ...slug(name), body })),
    endGolden: (name: string, id: string) =>
      done(
        server.DELETE('/api/communities/{slug}/golden/{id}', {
          params: { path: { slug: name, id } },
        }),
      ),
  },

  notices: {
    list: (cursor?: string) =>
      told(server.GET('/api/notices', { params: { query: { cursor, limit: 20 } } })),
    read: (up_to: string) => done(server.POST('/api/notices/read', { body: { up_to } })),
  },

  communities: {
    list: () => told(server.GET('/api/communities')),
    get: (name: string) => told(server.GET('/api/communities/{slug}', slug(name))),
    create: async ({ description, ...body }: t.NewCommunity) => {
      const created = await told(server.POST('/api/communities', { body }));
      if (!description) return { ...created, submission: null };
      // The community stands, whatever becomes of its first text; its page lets one write another.
      const described = api.communities.describe(created.community.slug, description);
      return { ...created, submission: await described.catch(() => null) };
    },
    describe: (name: string, body: string, key?: string) =>
      told(
        server.PUT('/api/communities/{slug}/description', {
          params: { path: { slug: name }, header: once(key) },
          body: { body },
        }),
      ),
    setProduct: (name: string, { id, ...body }: t.ProductInput) =>
      told(
        server.PUT('/api/communities/{slug}/products/{id}', {
          params: { path: { slug: name, id } },
          body,
        }),
      ),
    setProfile: (name: string, body: string, key?: string) =>
      told(
        server.PUT('/api/communities/{slug}/profile', {
          params: { path: { slug: name }, header: once(key) },
          body: { body },
        }),
      ),
    members: (name: string, cursor?: string) =>
      told(server.GET('/api/communities/{slug}/members', from(name, cursor))),
    setMember: (name: string, account_id: string, body: t.MemberInput) =>
      told(
        server.PATCH('/api/communities/{slug}/members/{account_id}', {
          params: { path: { slug: name, account_id } },
          body,
        }),
      ),
    endMembership: (name: string, account_id: string) =>
      done(
        server.DELETE('/api/communities/{slug}/members/{account_id}', {
          params: { path: { slug: name, account_id } },
        }),
      ),
    invitations: (name: string, cursor?: string) =>
      told(server.GET('/api/communities/{slug}/invitations', from(name, cursor))),
    invite: (name: string, body: t.InvitationInput) =>
      told(server.POST('/api/communities/{slug}/invitations', { ...slug(name), body })),
    revokeInvitation: (name: string, id: string) =>
      done(
        server.DELETE('/api/communities/{slug}/invitations/{id}', {
          params: { path: { slug: name, id } },
        }),
      ),
    threads: (name: string, cursor?: string) =>
      told(server.GET('/api/communities/{slug}/threads', from(name, cursor))),
    startThread: (
      name: string,
      body: { title: string; body: string; product_id?: string },
      key: string,
    ) =>
      told(
        server.POST('/api/communities/{slug}/threads', {
          params: { path: { slug: name }, header: once(key) },
          body,
        }),
      ),
  },

  threads: {
    get: (thread: string) => told(server.GET('/api/threads/{id}', id(thread))),
    reply: (id: string, body: { body: string; parent_id?: string }, key: string) =>
      told(
        server.POST('/api/threads/{id}/replies', {
          params: { path: { id }, header: once(key) },
          body,
        }),
      ),
  },

  posts: {
    revise: (id: string, body: { title?: string; body: string }, key: string) =>
      told(
        server.POST('/api/posts/{id}/revisions', {
          params: { path: { id }, header: once(key) },
          body,
        }),
      ),
    precheck: (body: t.PrecheckInput, signal?: AbortSignal) =>
      told(server.POST('/api/precheck', { body, signal })),
    report: (post: string, body: { reason: t.ReportReason; words: string | null }) =>
      told(server.POST('/api/posts/{id}/reports', { ...id(post), body })),
  },

  submissions: {
    list: (query: { state?: t.SubmissionState; cursor?: string } = {}) =>
      told(server.GET('/api/submissions', { params: { query } })),
    get: (submission: string) => told(server.GET('/api/submissions/{id}', id(submission))),
    withdraw: (submission: string) =>
      done(server.POST('/api/submissions/{id}/withdraw', id(submission))),
    appeal: (submission: string, body: { words: string }) =>
      told(server.POST('/api/submissions/{id}/appeal', { ...id(submission), body })),
  },

  review: {
    items: (query: t.QueueQuery = {}) =>
      told(server.GET('/api/review/items', { params: { query } })) as Promise<t.ItemPage>,
    /** Claims the best item that this person may decide; null where there is none. */
    next: async (query: t.QueueQuery = {}): Promise<t.ItemCard | null> => {
      const { data } = await server.POST('/api/review/next', { params: { query } });
      return (data?.item ?? null) as t.ItemCard | null;
    },
    skip: (item: string, body: t.SkipInput) =>
      done(server.POST('/api/review/items/{id}/skip', { ...id(item), body })),
    takeOver: (item: string, reason: t.TakeOverReason) =>
      told(server.POST('/api/review/items/{id}/take_over', { ...id(item), body: { reason } })),
    views: () => told(server.GET('/api/review/views')),
    keepView: (body: t.ViewInput) => told(server.POST('/api/review/views', { body })),
    forgetView: (view: string) => done(server.DELETE('/api/review/views/{id}', id(view))),
    item: (item: string) => told(server.GET('/api/review/items/{id}', id(item))) as Promise<t.Item>,
    claim: (item: string) => told(server.POST('/api/review/items/{id}/claim', id(item))),
    heartbeat: (item: string, fence: number) =>
      told(server.POST('/api/review/items/{id}/heartbeat', { ...id(item), body: { fence } })),
    unclaim: (item: string, fence: number) =>
      done(server.POST('/api/review/items/{id}/unclaim', { ...id(item), body: { fence } })),
    decide: (item: string, body: t.DecisionInput) =>
      told(
        server.POST('/api/review/items/{id}/decision', { ...id(item), body }),
      ) as Promise<t.Judged>,
    rescreening: () => told(server.GET('/api/admin/rescreening')),
    bulk: (body: t.BulkInput) => told(server.POST('/api/review/bulk', { body })),
    undo: (item: string) => told(server.POST('/api/review/items/{id}/undo', id(item))),
    dispose: (item: string, body: t.DispositionInput) =>
      told(server.POST('/api/review/items/{id}/disposition', { ...id(item), body })),
    refer: (item: string, body: t.ReferInput) =>
      told(server.POST('/api/review/items/{id}/refer', { ...id(item), body })),
    referrals: (query: t.ReferralQuery = {}) =>
      told(server.GET('/api/review/referrals', { params: { query } })) as Promise<t.ReferralPage>,
    referral: (question: string) =>
      told(server.GET('/api/review/referrals/{id}', id(question))) as Promise<t.ReferralDetail>,
    answer: (question: string, body: t.ReferralAnswerInput) =>
      told(
        server.POST('/api/review/referrals/{id}/answer', { ...id(question), body }),
      ) as Promise<t.ReferralDetail>,
    recall: (question: string) =>
      done(server.POST('/api/review/referrals/{id}/recall', id(question))),
    notes: (item: string) =>
      told(server.GET('/api/review/items/{id}/notes', id(item))) as Promise<t.Notes>,
    note: (item: string, body: t.NoteInput) =>
      told(server.POST('/api/review/items/{id}/notes', { ...id(item), body })) as Promise<t.Note>,
    background: (item: string) =>
      told(server.GET('/api/review/items/{id}/background', id(item))) as Promise<t.Background>,
    sealed: (revision: string) =>
      told(server.GET('/api/review/sealed/{id}', id(revision))) as Promise<t.Sealed>,
    readSealed: (revision: string, words: string) =>
      told(
        server.POST('/api/review/sealed/{id}', { ...id(revision), body: { words } }),
      ) as Promise<t.SealedText>,
  },

  safety: {
    cases: async (
      query: { community?: string; state?: t.CaseState; cursor?: string } = {},
    ): Promise<t.Page<t.CaseCard>> => {
      const cursor = query.cursor === undefined ? undefined : Number(query.cursor);
      const page = await told(
        server.GET('/api/safety/cases', { params: { query: { ...query, cursor } } }),
      );
      return { ...page, next: page.next === null ? null : String(page.next) };
    },
    case: (one: string) =>
      told(server.GET('/api/safety/cases/{id}', id(one))) as Promise<t.SafetyCase>,
    dispose: (one: string, body: t.CaseDispositionInput) =>
      done(server.POST('/api/safety/cases/{id}/disposition', { ...id(one), body })),
  },

  audit: {
    records: (query: t.AuditQuery = {}) =>
      told(server.GET('/api/audit/records', { params: { query } })),
    actions: () => told(server.GET('/api/audit/actions')),
    checkpoint: () => told(server.GET('/api/audit/checkpoint')),
    proof: (record: string) => told(server.GET('/api/audit/records/{id}/proof', id(record))),
    verify: () => told(server.POST('/api/audit/verification')),
  },

  exports: {
    /** The inspection bundle as a zip file, with the name the server gave it. */
    create: async (
      communities?: string[],
      sealedReason?: string,
    ): Promise<{ file: Blob; name: string }> => {
      const { data, response } = await server.POST('/api/exports', {
        body: {
          ...(communities ? { communities } : {}),
          ...(sealedReason ? { sealed_reason: sealedReason } : {}),
        },
        parseAs: 'blob',
      });
      const disposition = response.headers.get('content-disposition') ?? '';
      const name = /filename="?([^";]+)"?/.exec(disposition)?.[1] ?? 'hortus-inspection.zip';
      return { file: data ?? new Blob(), name };
    },
  },
};
