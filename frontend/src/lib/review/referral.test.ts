import { describe, expect, it } from 'vitest';
import type { Item, Me } from '$lib/api';
import { answerable, askable } from './referral';

const item = (actions: string[], more: object = {}) =>
  ({
    actions: actions.map((action) => ({ action })),
    referral_fields: ['safety'],
    referrals: [],
    community: { slug: 'cardio', name: 'Cardiology' },
    ...more,
  }) as unknown as Item;
const seats = (roles: string[], slug = 'cardio') =>
  [{ community: { slug }, roles }] as unknown as Me['memberships'];

describe('questions to other desks', () => {
  it('are offered where the server allows them and somebody could answer', () => {
    expect(askable(item(['refer']))).toBe(true);
    expect(askable(item(['refer'], { referral_fields: [] }))).toBe(false);
    expect(askable(item(['release']))).toBe(false);
    expect(askable(null)).toBe(false);
  });

  it('are answered by who holds the role there, while they are open', () => {
    const referrals = [
      { id: 'old', to: 'medical', state: 'answered' },
      { id: 'safety', to: 'safety', state: 'open' },
      { id: 'medical', to: 'medical', state: 'open' },
    ];
    const asked = item(['answer_referral'], { referrals });
    expect(answerable(asked, seats(['medical_reviewer']))).toBe('medical');
    expect(answerable(asked, seats(['medical_reviewer'], 'patients'))).toBeNull();
    expect(answerable(item([], { referrals }), seats(['medical_reviewer']))).toBeNull();
  });
});
