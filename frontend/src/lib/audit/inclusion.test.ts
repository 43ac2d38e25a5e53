import { describe, expect, it } from 'vitest';
import { fromHex, leafHash, rootFrom, toHex, type Bytes } from './inclusion';

async function node(left: Bytes, right: Bytes): Promise<Bytes> {
  const whole = Uint8Array.of(1, ...left, ...right);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
}

/** The tree by its definition: split at the largest power of two below the size. */
async function tree(leaves: Bytes[]): Promise<Bytes> {
  const [only] = leaves;
  if (leaves.length === 1 && only) return only;
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return node(await tree(leaves.slice(0, half)), await tree(leaves.slice(half)));
}
async function path(leaves: Bytes[], index: number): Promise<Bytes[]> {
  if (leaves.length === 1) return [];
  const half = 2 ** Math.floor(Math.log2(leaves.length - 1));
  const [left, right] = [leaves.slice(0, half), leaves.slice(half)];
  return index < half
    ? [...(await path(left, index)), await tree(right)]
    : [...(await path(right, index - half)), await tree(left)];
}

describe('inclusion in the log', () => {
  it('hashes an empty record as RFC 6962 does', async () => {
    expect(toHex(await leafHash(''))).toBe(
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    );
  });

  it('leads every leaf of every small tree to its root', async () => {
    for (let size = 1; size <= 17; size += 1) {
      const leaves = await Promise.all(Array.from({ length: size }, (_, i) => leafHash(`${i}`)));
      const root = toHex(await tree(leaves));
      for (const [index, leaf] of leaves.entries()) {
        const found = await rootFrom(leaf, index, size, await path(leaves, index));
        expect(found && toHex(found), `${index} of ${size}`).toBe(root);
      }
    }
  });

  it('shows a changed record, a wrong place and a cut path', async () => {
    const leaves = await Promise.all(['a', 'b', 'c', 'd', 'e'].map(leafHash));
    const root = toHex(await tree(leaves));
    const proof = await path(leaves, 2);
    const hex = async (leaf: Bytes, index: number, hashes: Bytes[]) => {
      const found = await rootFrom(leaf, index, 5, hashes);
      return found && toHex(found);
    };
    expect(await hex(await leafHash('c'), 2, proof)).toBe(root);
    expect(await hex(await leafHash('C'), 2, proof)).not.toBe(root);
    expect(await hex(await leafHash('c'), 3, proof)).not.toBe(root);
    expect(await hex(await leafHash('c'), 2, proof.slice(0, -1))).toBeNull();
    expect(await hex(await leafHash('c'), 5, proof)).toBeNull();
  });

  it('reads and writes hexadecimal', () => {
    expect(toHex(fromHex('00ff10'))).toBe('00ff10');
    expect(() => fromHex('zz')).toThrow();
  });
});
