import { describe, expect, it, vi } from 'vitest';

vi.mock('$app/navigation', () => ({ goto: vi.fn(), invalidate: vi.fn() }));
const { safeReturn, signInAddress } = await import('./return');

describe('the way back after signing in', () => {
  it('leads to the page one came from', () => {
    const address = new URL(signInAddress('/c/cardio?x=1'), 'http://localhost');
    expect(safeReturn(address.searchParams.get('return'))).toBe('/c/cardio?x=1');
  });

  it.each([
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'javascript:alert(1)',
    '',
    null,
  ])('never leads off the site: %s', (path) => {
    expect(safeReturn(path)).toBe('/');
  });
});
