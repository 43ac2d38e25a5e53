import { describe, expect, it } from 'vitest';
import { emptyDraft } from './drafts';
import { begin, lacking, rulingOf } from './ruling';

const retract = { action: 'retract', needs: ['reason', 'words', 'tombstone'] } as const;
const overturn = { action: 'overturn', needs: ['words'] } as const;
const keep = { action: 'keep', needs: [] } as const;

describe('what a judgement lacks', () => {
  it('is told in the order of the form', () => {
    expect(lacking(retract, emptyDraft())).toEqual(['reason', 'words', 'tombstone']);
    expect(lacking(retract, { ...emptyDraft(), words: 'Because.', tombstone: '  ' })).toEqual([
      'reason',
      'tombstone',
    ]);
    expect(lacking(keep, emptyDraft())).toEqual([]);
  });

  it('leaves the signature to its own form', () => {
    expect(lacking({ needs: ['signature'] }, emptyDraft())).toEqual([]);
  });
});

describe('a judgement that is chosen', () => {
  it('comes with a first sentence, and takes it along when another one is chosen', () => {
    const draft = emptyDraft();
    begin(draft, 'overturn');
    expect(draft.words).toMatch(/released/);
    begin(draft, 'uphold');
    expect([draft.action, draft.words]).toEqual(['uphold', '']);
  });

  it('leaves what somebody wrote', () => {
    const draft = { ...emptyDraft(), words: 'My own words.' };
    begin(draft, 'overturn');
    begin(draft, 'uphold');
    expect(draft.words).toBe('My own words.');
  });
});

describe('what is sent', () => {
  it('is what the judgement asks for, and words where there are some', () => {
    const draft = {
      ...emptyDraft(),
      reason: 'privacy',
      words: ' Why. ',
      tombstone: 'Gone.',
    } as const;
    expect(rulingOf(retract, draft)).toEqual({
      action: 'retract',
      reason_code: 'privacy',
      tombstone: 'Gone.',
      words: 'Why.',
    });
    expect(rulingOf(overturn, draft)).toEqual({ action: 'overturn', words: 'Why.' });
    expect(rulingOf(keep, emptyDraft())).toEqual({ action: 'keep' });
  });
});
