// C2SP signed notes and checkpoints, read and checked here.
import type { Bytes } from './inclusion';

const ED25519 = 1;

export interface NotedCheckpoint {
  origin: string;
  size: number;
  root: Bytes;
}

/** What a note says; null when it is no checkpoint. */
export function checkpointIn(note: string): NotedCheckpoint | null {
  const [origin, size, root] = note.split('\n');
  const bytes = root ? bytesOf(root) : null;
  if (!origin || !/^(0|[1-9]\d*)$/.test(size ?? '') || !bytes) return null;
  return { origin, size: Number(size), root: bytes };
}

/** Whether `publicKey` (a C2SP vkey) signed the note; null when this browser cannot tell. */
export async function signedBy(note: string, publicKey: string): Promise<boolean | null> {
  const end = note.indexOf('\n\n');
  const [, name, encoded] = /^([^+]+)\+[0-9a-f]{8}\+(.+)$/.exec(publicKey) ?? [];
  const lead = `— ${name} `;
  const line = note
    .slice(end + 2)
    .split('\n')
    .find((candidate) => candidate.startsWith(lead));
  if (end < 0 || !encoded || !line) return false;
  const key = bytesOf(encoded);
  const signature = bytesOf(line.slice(lead.length))?.slice(4);
  if (!key || key[0] !== ED25519 || signature?.length !== 64) return false;
  try {
    const ed25519 = { name: 'Ed25519' };
    const verifier = await crypto.subtle.importKey('raw', key.slice(1), ed25519, false, ['verify']);
    const text = new TextEncoder().encode(note.slice(0, end + 1));
    return await crypto.subtle.verify(ed25519, verifier, signature, text);
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'NotSupportedError') return null;
    return false;
  }
}

function bytesOf(base64: string): Bytes | null {
  try {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}
