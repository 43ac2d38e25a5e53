import { expect, test } from 'vitest';
import { fieldName, termWords, valueWords } from './words';

test('terms are told in words', () => {
  expect(termWords({ unit: 'business_days', count: 1 })).toBe('1 business day');
  expect(termWords({ unit: 'hours', count: 24 })).toBe('24 hours');
});

test('fields are named as on the page, and unknown ones by their path', () => {
  expect(fieldName('deadlines.safety')).toBe('Deadline: Texts that may report an adverse event');
  expect(fieldName('calendar.holidays.2026-12-25.date')).toBe('Holiday 2026-12-25');
  expect(fieldName('calendar.holidays.0.name')).toBe('Holiday 1');
  expect(fieldName('may.reject')).toBe('Who may: Reject');
  expect(fieldName('something.new')).toBe('something.new');
});

test('values are told in words', () => {
  expect(valueWords(null)).toBe('nothing');
  expect(valueWords(['lead', 'administrator'])).toBe('Lead moderator, Administrator');
  expect(valueWords({ opens: '09:00', closes: '17:00' })).toBe('09:00 to 17:00');
  expect(valueWords({ unit: 'hours', count: 2 })).toBe('2 hours');
});
