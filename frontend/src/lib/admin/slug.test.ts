import { expect, it } from 'vitest';
import { slugFrom } from './slug';

it('makes a name for addresses from a printed name', () => {
  expect(slugFrom('Living with MS')).toBe('living-with-ms');
  expect(slugFrom('  Kardiologie für Ärzte (2026) ')).toBe('kardiologie-fur-arzte-2026');
  expect(slugFrom('x'.repeat(60))).toHaveLength(40);
  expect(slugFrom('日本')).toBe('');
});
