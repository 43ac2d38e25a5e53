import { beforeEach, describe, expect, it, vi } from 'vitest';

const fetch = vi.fn<(request: Request) => Promise<Response>>();
vi.stubGlobal('fetch', fetch);
// Outside a browser an address without a host has no base to stand on.
vi.stubGlobal(
  'Request',
  class extends Request {
    constructor(input: RequestInfo | URL, init?: RequestInit) {
      super(typeof input === 'string' ? new URL(input, 'http://localhost') : input, init);
    }
  },
);
const { api, onSignedOut, Problem } = await import('.');

const answer = (status: number, body?: unknown) =>
  new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json' },
  });
const sent = () => fetch.mock.lastCall?.[0] as Request;
const signedOut = vi.fn();
onSignedOut(signedOut);

beforeEach(() => {
  fetch.mockReset();
  signedOut.mockReset();
});

describe('a call of the server', () => {
  it('names the submission, so that sending it twice stores it once', async () => {
    fetch.mockResolvedValue(answer(202, { submission_id: 's' }));
    await api.threads.reply('t 1', { body: 'Hello' }, 'key-1');
    expect(sent().method).toBe('POST');
    expect(new URL(sent().url).pathname).toBe('/api/threads/t%201/replies');
    expect(sent().headers.get('idempotency-key')).toBe('key-1');
    expect(await sent().json()).toEqual({ body: 'Hello' });
  });

  it('leaves out what was not asked for', async () => {
    fetch.mockResolvedValue(answer(200, { items: [], next: null }));
    await api.submissions.list({ state: 'released', cursor: undefined });
    expect(new URL(sent().url).search).toBe('?state=released');
  });

  it('throws a refusal with its code', async () => {
    fetch.mockResolvedValue(answer(409, { code: 'lease_lost', detail: 'claim it again' }));
    await expect(api.review.heartbeat('i', 1)).rejects.toMatchObject({ code: 'lease_lost' });
    expect(signedOut).not.toHaveBeenCalled();
  });

  it('tells the page when the session is over', async () => {
    fetch.mockResolvedValue(answer(401, { code: 'not_signed_in' }));
    await expect(api.communities.list()).rejects.toBeInstanceOf(Problem);
    expect(signedOut).toHaveBeenCalledOnce();
  });

  it('sends nobody away who only asks whether there is a session', async () => {
    fetch.mockResolvedValue(answer(401, { code: 'not_signed_in' }));
    await expect(api.session.me()).rejects.toMatchObject({ status: 401 });
    expect(signedOut).not.toHaveBeenCalled();
  });

  it('that gets no answer is told apart from a refusal', async () => {
    fetch.mockRejectedValue(new TypeError('Failed to fetch'));
    await expect(api.about()).rejects.toMatchObject({ code: 'unreachable', status: 0 });
  });

  it('that was given up is no failure of the server', async () => {
    fetch.mockRejectedValue(new DOMException('given up', 'AbortError'));
    const input = { community: 'c', surface: 'reply' as const, body: 'x' };
    await expect(api.posts.precheck(input)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('may be answered with nothing', async () => {
    fetch.mockResolvedValue(answer(204));
    await expect(api.submissions.withdraw('s')).resolves.toBeUndefined();
  });

  it('turns the numbered pages of the safety list into cursors and back', async () => {
    fetch.mockResolvedValue(answer(200, { items: [], next: 41 }));
    const { next } = await api.safety.cases({ cursor: '7' });
    expect(next).toBe('41');
    expect(new URL(sent().url).searchParams.get('cursor')).toBe('7');
  });
});
