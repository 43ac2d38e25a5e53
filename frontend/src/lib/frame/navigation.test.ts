import { describe, expect, it } from 'vitest';
import type { Me, Role } from '$lib/api';
import { destinations, isHere } from './navigation';

const person = (roles: Role[], administrator = false): Me => ({
  account: { id: 'a', name: 'Ana Weber', email: 'ana@example.org' },
  administrator,
  memberships: [
    {
      community: { id: 'c', slug: 'cardio', name: 'Cardiology', audience: 'professionals' },
      roles,
      speaker: 'professional',
    },
  ],
  expires_at: '2026-11-22T12:00:00Z',
  second_factor: false,
});
const places = (me: Me) => destinations(me).map(({ href }) => href);

describe('the navigation', () => {
  it('shows a member nothing of the staff', () => {
    expect(places(person(['member']))).toEqual(['/communities', '/submissions']);
  });

  it('shows an inspector the records and no place to write', () => {
    expect(places(person(['inspector']))).toEqual([
      '/communities',
      '/quality',
      '/audit',
      '/export',
    ]);
  });

  it('shows a medical reviewer the desk and the safety cases', () => {
    expect(places(person(['medical_reviewer']))).toEqual([
      '/communities',
      '/submissions',
      '/review',
      '/safety',
      '/referrals',
    ]);
  });

  it('shows a lead and an approver the desk, and the approver the questions', () => {
    const desk = ['/communities', '/submissions', '/review'];
    expect(places(person(['lead']))).toEqual([...desk, '/quality']);
    expect(places(person(['mlr_approver']))).toEqual([...desk, '/referrals']);
  });

  it('shows a safety officer the cases and the questions', () => {
    expect(places(person(['safety_officer']))).toEqual([
      '/communities',
      '/submissions',
      '/safety',
      '/referrals',
    ]);
  });

  it('shows the administrator of the server the administration, without any community', () => {
    expect(places({ ...person([], true), memberships: [] })).toEqual(['/communities', '/admin']);
  });

  it('marks the communities as present inside of one', () => {
    expect(isHere('/communities', '/c/cardio/t/1')).toBe(true);
    expect(isHere('/review', '/reviews')).toBe(false);
  });
});
