import { expect, it } from 'vitest';
import { digest, sizeInWords } from './bundle';

it('says how large a bundle is', () => {
  expect([0, 999, 1_000, 3_440_000, 2e9].map(sizeInWords)).toEqual([
    '0 bytes',
    '999 bytes',
    '1.0 kB',
    '3.4 MB',
    '2.0 GB',
  ]);
});

it('gives the SHA-256 that every other program gives', async () => {
  expect(await digest(new Blob(['abc']))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
