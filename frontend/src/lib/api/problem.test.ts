import { describe, expect, it } from 'vitest';
import { common, sentence } from '$lib/wording';
import { problemFrom, unreachable } from './problem';

const refusal = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  problemFrom(new Response(JSON.stringify(body), { status, headers }));

describe('a refusal of the server', () => {
  it('keeps its code, its sentence and the fields it names', async () => {
    const problem = await refusal(422, {
      type: 'about:blank',
      title: 'Unprocessable Content',
      status: 422,
      code: 'invalid',
      detail: 'the title is empty',
      request_id: 'r-1',
      errors: [{ field: 'title', message: 'write a title' }, { nonsense: true }],
    });
    expect(problem.code).toBe('invalid');
    expect(problem.requestId).toBe('r-1');
    expect(problem.field('title')).toBe('write a title');
    expect(problem.errors).toHaveLength(1);
    expect(sentence(problem)).toBe('The title is empty.');
  });

  it('tells how long to wait', async () => {
    const problem = await refusal(
      429,
      { code: 'too_many_attempts', detail: 'wait a minute' },
      { 'retry-after': '60' },
    );
    expect(problem.retryAfter).toBe(60);
  });

  it('that is the page of a proxy still becomes a sentence', async () => {
    const problem = await problemFrom(new Response('<html>Bad gateway</html>', { status: 502 }));
    expect(problem.code).toBe('http_502');
    expect(sentence(problem)).toBe(common.problem.server);
  });

  it('that never came is told apart', () => {
    expect(sentence(unreachable())).toBe(common.problem.unreachable);
  });
});
