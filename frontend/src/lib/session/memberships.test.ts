import type { Me } from '$lib/api';
import { beforeEach, describe, expect, it } from 'vitest';
import { endedMemberships } from './memberships';

function person(account: string, ...communities: string[]): Me {
  const memberships = communities.map((id) => ({ community: { id, slug: id, name: id } }));
  return { account: { id: account }, memberships } as unknown as Me;
}
const names = (me: Me | null) => endedMemberships(me).map(({ name }) => name);

beforeEach(() => void endedMemberships(null));

describe('memberships that have ended', () => {
  it('are those that were there before', () => {
    expect(names(person('ada', 'ward', 'alliance'))).toEqual([]);
    expect(names(person('ada', 'alliance'))).toEqual(['ward']);
    expect(names(person('ada', 'alliance'))).toEqual(['ward']);
  });

  it('are forgotten when the person is back', () => {
    endedMemberships(person('ada', 'ward'));
    endedMemberships(person('ada'));
    expect(names(person('ada', 'ward'))).toEqual([]);
  });

  it('are not told to whoever signs in next', () => {
    endedMemberships(person('ada', 'ward'));
    expect(names(person('ben'))).toEqual([]);
    endedMemberships(null);
    expect(names(person('ada'))).toEqual([]);
  });
});
