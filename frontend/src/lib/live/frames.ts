import type { Post, ThreadCard } from '$lib/api';

export type Stream = `thread:${string}` | `community:${string}` | 'me' | 'review';

export type LiveEvent =
  | { kind: 'post_released' | 'post_edited' | 'post_retracted' | 'post_restored'; post: Post }
  | { kind: 'thread_released' | 'thread_retracted' | 'thread_restored'; thread: ThreadCard };

export type HintKind = 'notice' | 'submission_changed' | 'queue_changed' | 'claim_lost';

export type ClientFrame =
  | { type: 'subscribe'; stream: Stream; after?: number }
  | { type: 'unsubscribe'; stream: Stream }
  | { type: 'pong' };

export type ServerFrame =
  | { type: 'hello'; session_expires_at: string; heartbeat_seconds: number }
  | { type: 'subscribed'; stream: Stream; seq?: number }
  | { type: 'event'; stream: Stream; seq: number; event: LiveEvent }
  | { type: 'hint'; stream: Stream; kind: HintKind; id?: string; items?: string[] }
  | { type: 'resync'; stream: Stream }
  | { type: 'ping' }
  | { type: 'error'; code: string; detail: string };

/** Why the server closed the socket. */
export const closed = {
  normal: 1000,
  sessionEnded: 4401,
  membershipEnded: 4403,
} as const;

/** A frame of the server, or null for what this version does not understand. */
export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null;
  try {
    const frame: unknown = JSON.parse(data);
    return typeof frame === 'object' && frame !== null && 'type' in frame
      ? (frame as ServerFrame)
      : null;
  } catch {
    return null;
  }
}
