import { expect, it } from 'vitest';
import { changeRows } from './change';

it('shows the old and the new value of what changed', () => {
  expect(
    changeRows({
      state: { old: 'waiting', new: 'decided' },
      reason_code: { old: null, new: 'privacy' },
      roles: { old: ['member'], new: [] },
    }),
  ).toEqual([
    { name: 'state', old: 'waiting', new: 'decided' },
    { name: 'reason_code', old: 'none', new: 'privacy' },
    { name: 'roles', old: 'member', new: 'none' },
  ]);
});

it('shows what is recorded without an earlier value', () => {
  expect(changeRows({ fence: 4, filters: { action: 'x' } })).toEqual([
    { name: 'fence', old: undefined, new: '4' },
    { name: 'filters', old: undefined, new: '{"action":"x"}' },
  ]);
});

it('has nothing to show for a reading', () => {
  expect(changeRows({})).toEqual([]);
  expect(changeRows(null)).toEqual([]);
});
