// An inspector's check of one record, made in the browser from what the server handed over.
import type { AuditRecord, InclusionProof } from '$lib/api';
import { fromHex, leafHash, rootFrom, toHex, type Bytes } from './inclusion';
import { checkpointIn, signedBy } from './note';

export interface Check {
  label: string;
  /** Null when this browser cannot tell. */
  holds: boolean | null;
}

/** True where a browser gives the means; it does so only over HTTPS and on localhost. */
export function canCheck(): boolean {
  return typeof crypto !== 'undefined' && 'subtle' in crypto;
}

/** Null where the path is damaged: then it leads nowhere. */
async function rootOf(leaf: Bytes, proof: InclusionProof): Promise<Bytes | null> {
  try {
    return await rootFrom(leaf, proof.leaf_index, proof.tree_size, proof.hashes.map(fromHex));
  } catch {
    return null;
  }
}

export async function check(
  record: Pick<AuditRecord, 'body'>,
  proof: InclusionProof,
  publicKey: string,
): Promise<Check[]> {
  const leaf = await leafHash(record.body);
  const root = await rootOf(leaf, proof);
  const noted = checkpointIn(proof.note);
  return [
    {
      label: 'The text of the record gives the leaf hash',
      holds: toHex(leaf) === proof.leaf_hash.toLowerCase(),
    },
    {
      label: 'Leaf and path lead to the root in the checkpoint',
      holds:
        root !== null &&
        noted !== null &&
        noted.size === proof.tree_size &&
        toHex(root) === toHex(noted.root),
    },
    {
      label: 'The checkpoint is signed with the key of this log',
      holds: await signedBy(proof.note, publicKey),
    },
  ];
}
