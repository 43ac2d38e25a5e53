import type { Me, NoticeView, Role } from '$lib/api';
import { expect, test } from 'vitest';
import { whereTo } from './where';

function about(subject_kind: string, count = 1, role: Role = 'lead'): string {
  const notice = { subject_kind, subject_id: 'x1', community: 'clinicians', count } as NoticeView;
  const seat = { community: { slug: 'clinicians' }, roles: [role] };
  return whereTo(notice, { memberships: [seat] } as unknown as Me);
}

test('a notice leads to what it is about', () => {
  expect(about('review_item')).toBe('/review/x1');
  expect(about('policy', 1, 'administrator')).toBe('/admin/clinicians/policy');
});

test('a notice about several items, or about a queue, leads to the desk', () => {
  expect(about('review_item', 3)).toBe('/review');
  expect(about('community')).toBe('/review');
});

test('an administrator who decides nothing is led to those who do', () => {
  expect(about('review_item', 1, 'administrator')).toBe('/admin/clinicians/members');
});

test('what was overturned is told on the page of quality', () => {
  const notice = {
    kind: 'findings_overturned',
    subject_kind: 'community',
    community: 'clinicians',
  };
  expect(whereTo(notice as NoticeView, { memberships: [] })).toBe('/quality?community=clinicians');
});

test('a question leads to its page, also whoever does not sit at the desk', () => {
  expect(about('referral', 1, 'safety_officer')).toBe('/referrals/x1');
  expect(about('referral')).toBe('/referrals/x1');
  expect(about('referral', 3, 'safety_officer')).toBe('/referrals');
  expect(about('referral', 1, 'administrator')).toBe('/admin/clinicians/members');
});

test('a lock of signing leads administrators to the signers and the person to their account', () => {
  expect(about('account', 1, 'administrator')).toBe('/admin/clinicians/signers');
  expect(about('account', 1, 'moderator')).toBe('/account');
});
