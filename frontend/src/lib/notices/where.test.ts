import type { NoticeView } from '$lib/api';
import { expect, test } from 'vitest';
import { whereTo } from './where';

const about = (subject_kind: string, count = 1) =>
  whereTo({ subject_kind, subject_id: 'x1', community: 'clinicians', count } as NoticeView);

test('a notice leads to what it is about', () => {
  expect(about('review_item')).toBe('/review/x1');
  expect(about('policy')).toBe('/admin/clinicians/policy');
});

test('a notice about several items, or about a queue, leads to the desk', () => {
  expect(about('review_item', 3)).toBe('/review');
  expect(about('community')).toBe('/review');
});
