import { expect, it } from 'vitest';
import { check } from './check';
import { leafHash, toHex, type Bytes } from './inclusion';
import { checkpointIn, signedBy } from './note';

const origin = 'log.example.org';
const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** A log of two records under a key made for this test. */
async function log(first: string, second: string) {
  const keys = (await crypto.subtle.generateKey({ name: 'Ed25519' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
  const [left, right] = [await leafHash(first), await leafHash(second)];
  const root: Bytes = new Uint8Array(
    await crypto.subtle.digest('SHA-256', Uint8Array.of(1, ...left, ...right)),
  );
  const text = `${origin}\n2\n${base64(root)}\n`;
  const signature = new Uint8Array(
    await crypto.subtle.sign({ name: 'Ed25519' }, keys.privateKey, new TextEncoder().encode(text)),
  );
  return {
    key: `${origin}+0a0b0c0d+${base64(Uint8Array.of(1, ...raw))}`,
    proof: {
      leaf_index: 0,
      leaf_hash: toHex(left),
      tree_size: 2,
      root: base64(root),
      hashes: [toHex(right)],
      note: `${text}\n— ${origin} ${base64(Uint8Array.of(10, 11, 12, 13, ...signature))}\n`,
    },
  };
}
const held = async (...of: Parameters<typeof check>) => (await check(...of)).map((c) => c.holds);

it('confirms a record that is in the signed log', async () => {
  const { proof, key } = await log('{"n":1}', '{"n":2}');
  expect(await held({ body: '{"n":1}' }, proof, key)).toEqual([true, true, true]);
});

it('shows a record whose text was changed afterwards', async () => {
  const { proof, key } = await log('{"n":1}', '{"n":2}');
  expect(await held({ body: '{"n":7}' }, proof, key)).toEqual([false, false, true]);
});

it('shows a checkpoint that another key signed, and one that was changed', async () => {
  const ours = await log('{"n":1}', '{"n":2}');
  const other = await log('{"n":1}', '{"n":2}');
  expect(await held({ body: '{"n":1}' }, ours.proof, other.key)).toEqual([true, true, false]);
  const changed = { ...ours.proof, note: ours.proof.note.replace('\n2\n', '\n3\n') };
  expect(await held({ body: '{"n":1}' }, changed, ours.key)).toEqual([true, false, false]);
});

it('takes a damaged proof for one that does not hold', async () => {
  const { proof, key } = await log('{"n":1}', '{"n":2}');
  const note = proof.note.replace(/ [^ ]*\n$/, ' not base64\n');
  const damaged = { ...proof, hashes: ['zz'], note };
  expect(await held({ body: '{"n":1}' }, damaged, key)).toEqual([true, false, false]);
});

it('finds no signature in a note without one, and no checkpoint in other text', async () => {
  const { key } = await log('a', 'b');
  expect(await signedBy('log.example.org\n2\nAA==\n', key)).toBe(false);
  expect(checkpointIn('hello')).toBeNull();
  expect(checkpointIn('log\n02\nAA==\n')).toBeNull();
});
