import { expect, it } from 'vitest';
import { noteServerTime, serverSkew } from './skew';

const served = Date.parse('2026-11-22T10:00:00Z');
const date = 'Sun, 22 Nov 2026 10:00:00 GMT';

it('tells how far the clock of this device is from the server', () => {
  noteServerTime(date, served - 3_600_000);
  expect(serverSkew()).toBe(3_600_500);
});

it('takes what whole seconds cannot tell apart for agreement', () => {
  noteServerTime(date, served + 900);
  expect(serverSkew()).toBe(0);
});

it('learns nothing from an answer without a date', () => {
  noteServerTime(date, served - 60_000);
  noteServerTime(null);
  expect(serverSkew()).toBe(60_500);
});
