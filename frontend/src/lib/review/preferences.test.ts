import { describe, expect, it } from 'vitest';
import { preferencesFrom } from './preferences.svelte';

describe('how somebody likes their desk', () => {
  it('is the usual before anything was chosen, or where what was stored cannot be read', () => {
    const usual = preferencesFrom(null);
    expect(usual).toEqual({ keys: {}, zen: false, goOn: true, grey: false, breakAfter: 50 });
    for (const stored of ['{', '[]', 'null', '7']) expect(preferencesFrom(stored)).toEqual(usual);
  });

  it('is what was chosen, as far as it makes sense', () => {
    const stored = JSON.stringify({ zen: true, grey: 'yes', breakAfter: 30, keys: { zen: 'y' } });
    expect(preferencesFrom(stored)).toEqual({
      keys: { zen: 'y' },
      zen: true,
      goOn: true,
      grey: false,
      breakAfter: 30,
    });
    expect(preferencesFrom('{"breakAfter":7}').breakAfter).toBe(50);
  });
});
