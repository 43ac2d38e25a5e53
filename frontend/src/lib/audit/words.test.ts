import { describe, expect, it } from 'vitest';
import { shortId } from './words';

describe('the identifier of an object in the table', () => {
  it('shows the end of a uuid, which differs most', () => {
    expect(shortId('019b1c2d-3e4f-7a5b-8c6d-7e8f9a0b1c2d')).toBe('7e8f9a0b1c2d');
  });

  it('shows the beginning of a hash', () => {
    expect(shortId('0123456789abcdef'.repeat(4))).toBe('0123456789ab…');
  });

  it('leaves short hashes and names whole', () => {
    expect(shortId('0123456789abcdef01234567')).toBe('0123456789abcdef01234567');
    expect(shortId('wychelm.example/log')).toBe('wychelm.example/log');
  });
});
