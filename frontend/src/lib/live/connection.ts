import {
  type ClientFrame,
  closed,
  type HintKind,
  type LiveEvent,
  parseFrame,
  type ServerFrame,
  type Stream,
} from './frames';

export interface Handlers {
  /** Once for each event of the stream, in order, never twice. */
  event?(event: LiveEvent, seq: number): void;
  /** Something changed: fetch it again. `named` are the ones that changed; where none is, it can be any. */
  hint?(kind: HintKind, named: readonly string[]): void;
  /** Events were missed: fetch everything again and, for a numbered stream, `resume` with its new number. */
  resync?(): void;
}

export interface Subscription {
  /** Takes the stream up again after `resync`, from what has just been fetched. */
  resume(seq: number): void;
  close(): void;
}

export type LiveState = 'idle' | 'connecting' | 'open' | 'away';

interface Surroundings {
  open(): WebSocket;
  changed(state: LiveState): void;
  /** The server ended the session. */
  sessionEnded(): void;
  /** The server ended a membership; the others go on. */
  membershipEnded(): void;
  /** The socket was refused before the first word: perhaps the session is over. */
  refused(): void;
}

interface Subscriber {
  stream: Stream;
  handlers: Handlers;
  /** The last event seen; null while waiting for `resume`; undefined for a stream without numbers. */
  seen: number | null | undefined;
}

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
/** Heartbeats that may be missed before the socket is taken for dead. */
const MISSED_BEATS = 2.5;

/**
 * The one socket of this tab. It opens with the first subscription, closes with the last one, and in between
 * comes back by itself and resumes each stream after the last event that was seen.
 */
export class LiveConnection {
  readonly #around: Surroundings;
  readonly #subscribers = new Set<Subscriber>();
  #socket: WebSocket | null = null;
  #greeted = false;
  #everGreeted = false;
  #ended = false;
  #attempt = 0;
  #heartbeat = 20_000;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** `after` is the number the fetched page carried; leave it out for `me` and `review`. */
  subscribe(stream: Stream, after: number | undefined, handlers: Handlers): Subscription {
    const subscriber: Subscriber = { stream, handlers, seen: after };
    this.#subscribers.add(subscriber);
    this.#ended = false;
    if (this.#greeted) this.#ask(stream);
    else this.#connect();
    return {
      resume: (seq) => {
        subscriber.seen = seq;
        if (this.#greeted) this.#ask(stream);
      },
      close: () => this.#drop(subscriber),
    };
  }

  /** Tries at once instead of waiting for the next attempt: the network is back, or the tab is looked at. */
  wake(): void {
    if (this.#socket || this.#subscribers.size === 0 || this.#ended) return;
    this.#attempt = 0;
    this.#connect();
  }

  #connect(): void {
    if (this.#socket) return;
    clearTimeout(this.#retry);
    this.#around.changed(this.#attempt === 0 ? 'connecting' : 'away');
    const socket = this.#around.open();
    this.#socket = socket;
    socket.onmessage = ({ data }) => {
      this.#expectBeat(socket);
      const frame = parseFrame(data);
      if (frame) this.#take(frame);
    };
    socket.onclose = ({ code }) => this.#closed(socket, code);
    this.#expectBeat(socket);
  }

  #take(frame: ServerFrame): void {
    switch (frame.type) {
      case 'hello':
        return this.#greet(frame.heartbeat_seconds);
      case 'ping':
        return this.#send({ type: 'pong' });
      case 'event':
        return this.#deliver(frame.stream, frame.seq, frame.event);
      case 'hint':
        return this.#each(frame.stream, ({ handlers }) =>
          handlers.hint?.(frame.kind, frame.items ?? (frame.id === undefined ? [] : [frame.id])),
        );
      case 'resync':
        return this.#each(frame.stream, (subscriber) => {
          if (subscriber.seen !== undefined) subscriber.seen = null;
          subscriber.handlers.resync?.();
        });
      case 'subscribed':
      case 'error':
        // Nothing to do: a refused stream stays silent, and its page learns why when it fetches.
        return;
    }
  }

  #greet(heartbeatSeconds: number): void {
    const back = this.#everGreeted;
    this.#greeted = true;
    this.#everGreeted = true;
    this.#attempt = 0;
    this.#heartbeat = heartbeatSeconds * 1000;
    this.#around.changed('open');
    for (const stream of new Set([...this.#subscribers].map((one) => one.stream))) {
      this.#ask(stream);
      // Hints carry no numbers, so what was said meanwhile is lost: have it fetched.
      if (back) {
        this.#each(stream, ({ seen, handlers }) => {
          if (typeof seen !== 'number') handlers.resync?.();
        });
      }
    }
  }

  #deliver(stream: Stream, seq: number, event: LiveEvent): void {
    this.#each(stream, (subscriber) => {
      if (typeof subscriber.seen !== 'number' || seq <= subscriber.seen) return;
      subscriber.seen = seq;
      subscriber.handlers.event?.(event, seq);
    });
  }

  /** Subscribes from the oldest number that any part of the page has seen; the others skip what they know. */
  #ask(stream: Stream): void {
    const all = [...this.#subscribers].filter((one) => one.stream === stream);
    const numbers = all.map((one) => one.seen).filter((seen) => typeof seen === 'number');
    if (numbers.length > 0) {
      this.#send({ type: 'subscribe', stream, after: Math.min(...numbers) });
    } else if (all.some((one) => one.seen === undefined)) {
      this.#send({ type: 'subscribe', stream });
    }
  }

  #drop(subscriber: Subscriber): void {
    if (!this.#subscribers.delete(subscriber)) return;
    if (this.#subscribers.size === 0) return this.#rest();
    const others = [...this.#subscribers].some((one) => one.stream === subscriber.stream);
    if (this.#greeted && !others) this.#send({ type: 'unsubscribe', stream: subscriber.stream });
  }

  #rest(): void {
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    const socket = this.#socket;
    this.#forget();
    this.#everGreeted = false;
    socket?.close(closed.normal);
    this.#around.changed('idle');
  }

  #closed(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) return;
    clearTimeout(this.#watch);
    const refused = !this.#greeted;
    this.#forget();
    if (code === closed.sessionEnded) {
      this.#ended = true;
      this.#around.changed('idle');
      this.#around.sessionEnded();
      return;
    }
    if (code === closed.membershipEnded) this.#around.membershipEnded();
    else if (refused) this.#around.refused();
    this.#around.changed('away');
    this.#retry = setTimeout(() => this.#connect(), this.#pause());
  }

  /** Doubles with each attempt, and is spread, so that a restarted server is not met by all at once. */
  #pause(): number {
    const longest = Math.min(FIRST_PAUSE * 2 ** this.#attempt, LONGEST_PAUSE);
    this.#attempt += 1;
    return longest / 2 + (Math.random() * longest) / 2;
  }

  /** A socket over a lost network does not close by itself; silence is the only sign. */
  #expectBeat(socket: WebSocket): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      socket.close();
      this.#closed(socket, 0);
    }, this.#heartbeat * MISSED_BEATS);
  }

  #forget(): void {
    this.#socket = null;
    this.#greeted = false;
  }

  #each(stream: Stream, action: (subscriber: Subscriber) => void): void {
    for (const subscriber of [...this.#subscribers]) {
      if (subscriber.stream === stream) action(subscriber);
    }
  }

  #send(frame: ClientFrame): void {
    this.#socket?.send(JSON.stringify(frame));
  }
}
