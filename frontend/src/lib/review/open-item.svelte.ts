// The item in front of the reviewer: its text and findings, the claim on it, and what the reviewer has typed.
import {
  api,
  Problem,
  serverSkew,
  type SignatureInput,
  type SkipReason,
  type TakeOverReason,
  type Item,
  type Judged,
  type Me,
} from '$lib/api';
import { terms } from '$lib/wording';
import { problemOf, type Desk } from './desk.svelte';
import { moveOf } from './moves';
import { newsOf } from './news';
import { isToDecide } from './queue';
import { emptyDraft, forget, keep, kept, type Draft } from './drafts';
import { rulingOf } from './ruling';
import { beatIsDue, hasEnded, leaseFrom, retryBeat, type LeaseClock } from './lease';

/** Why the desk could not do what was asked, where the reviewer can do something about it. */
export type Conflict =
  | 'claimed_by_other'
  | 'lease_lost'
  | 'stale_revision'
  | 'disposition_needed'
  | 'already_decided'
  | 'own_text'
  | 'own_thread'
  | 'declared_conflict'
  | 'barred'
  | 'item_withdrawn'
  | 'item_superseded'
  | 'not_claimable';
const CONFLICTS: Conflict[] = [
  'claimed_by_other',
  'lease_lost',
  'stale_revision',
  'disposition_needed',
  'already_decided',
  'own_text',
  'own_thread',
  'declared_conflict',
  'barred',
  'item_withdrawn',
  'item_superseded',
  'not_claimable',
];

export class OpenItem {
  item = $state.raw<Item | null>(null);
  problem = $state.raw<Problem | null>(null);
  draft = $state<Draft>(emptyDraft());
  lease = $state.raw<LeaseClock | null>(null);
  conflict = $state.raw<Conflict | null>(null);
  /** What the server says of the conflict: who did what. */
  because = $state('');
  /** A refusal that is no conflict: a field not filled in, or a server that did not answer. */
  refusal = $state.raw<Problem | null>(null);
  busy = $state<'claim' | 'decide' | 'dispose' | 'hand_back' | 'skip' | 'take_over' | null>(null);
  /** The finding the reviewer looks at, in the text and in the list alike. */
  finding = $state<number | null>(null);
  /** What others did to the item while it was on screen. */
  news = $state<string | null>(null);
  now = $state(Date.now());

  held = $derived(this.lease !== null && !hasEnded(this.lease, this.now));
  needsDisposition = $derived(
    this.item !== null && this.item.needs_disposition && !this.item.safety_case?.disposition,
  );
  /** Whether this reviewer may claim it at all. */
  takeable = $derived(
    this.item !== null &&
      isToDecide(this.item.state) &&
      !this.item.conflict &&
      (this.item.claim === null ||
        this.item.claim.you ||
        Date.parse(this.item.claim.until) < this.now),
  );

  #id: string | null = null;
  #beating = false;
  readonly #desk: Desk;
  readonly #reviewer: { id: string; name: string };

  constructor(desk: Desk, reviewer: { id: string; name: string }) {
    this.#desk = desk;
    this.#reviewer = reviewer;
  }

  /** The account of the person at the desk. */
  get reviewer(): string {
    return this.#reviewer.id;
  }

  /** Whether somebody with these seats may take it from its holder. */
  mayTakeOver(seats: Me['memberships']): boolean {
    const { item } = this;
    if (!item?.claim || item.claim.you || !isToDecide(item.state)) return false;
    const here = seats.find(({ community }) => community.slug === item.community.slug);
    return here?.roles.includes('lead') ?? false;
  }

  async open(id: string): Promise<void> {
    if (this.#id !== id) {
      this.leave();
      this.#id = id;
      // What is under way for the item before must not keep this one from being claimed.
      this.busy = null;
      this.item = null;
      this.draft = kept(this.#reviewer.id, id);
    }
    await this.read();
  }

  /** Reads the item again; what was typed stays. */
  async read(): Promise<void> {
    const id = this.#id;
    if (!id) return;
    this.problem = null;
    try {
      const item = await api.review.item(id);
      if (id !== this.#id) return;
      this.item = item;
      this.finding = null;
    } catch (fault) {
      if (id === this.#id) this.problem = problemOf(fault);
    }
  }

  /** After a hint: what others did to it meanwhile. Nothing moves where nothing changed. */
  async freshen(): Promise<void> {
    const before = this.item;
    if (!before || this.busy) return;
    try {
      const item = await api.review.item(before.id);
      if (this.item !== before || this.busy) return;
      this.item = item;
      if (item.revision.hash !== before.revision.hash) this.finding = null;
      const taken = item.claim !== null && !item.claim.you;
      if (!isToDecide(item.state) || taken) this.lease = null;
      const news = newsOf(before, item);
      if (news) {
        this.news = news;
        this.#desk.say(news);
      }
    } catch {
      // What is on screen was true when it was read; a decision names it and is refused if it no longer is.
    }
  }

  async claim(): Promise<boolean> {
    const id = this.#id;
    if (!id || this.busy) return false;
    if (this.held) return true;
    this.busy = 'claim';
    this.refusal = null;
    try {
      const { fence, until } = await api.review.claim(id);
      if (id !== this.#id) {
        void api.review.unclaim(id, fence).catch(() => undefined);
        return false;
      }
      this.#hold(fence, until);
      this.conflict = null;
      const { id: by, name } = this.#reviewer;
      this.#desk.tell(id, { claim: { by: { id: by, name }, until, you: true } });
      return true;
    } catch (fault) {
      if (id === this.#id) await this.#refused(problemOf(fault));
      return false;
    } finally {
      if (id === this.#id) this.busy = null;
    }
  }

  /** Called every second while the page is open. */
  tick(): void {
    this.now = Date.now();
    const lease = this.lease;
    if (!lease) return;
    if (hasEnded(lease, this.now)) {
      this.#lost();
    } else if (beatIsDue(lease, this.now) && !this.#beating) {
      void this.#beat(lease);
    }
  }

  async handBack(): Promise<void> {
    const id = this.#id;
    if (!id || !this.lease) return;
    const { fence } = this.lease;
    this.busy = 'hand_back';
    try {
      await api.review.unclaim(id, fence);
    } catch (fault) {
      // A claim that is gone already is handed back all the same.
      if (problemOf(fault).code !== 'lease_lost') this.refusal = problemOf(fault);
    } finally {
      this.busy = null;
    }
    this.#dropLease();
    this.#desk.say('Handed back. Others can take it now.');
  }

  /** Passes the item over; it is not offered to this person again. */
  async skip(reason: SkipReason, words: string): Promise<boolean> {
    const id = this.#id;
    if (!id || this.busy) return false;
    this.busy = 'skip';
    this.refusal = null;
    try {
      await api.review.skip(id, { reason, ...(words ? { words } : {}) });
      this.#dropLease();
      this.#desk.say('Passed over.');
      return true;
    } catch (fault) {
      await this.#refused(problemOf(fault));
      return false;
    } finally {
      this.busy = null;
    }
  }

  /** Takes the item from the colleague who holds it. */
  async takeOver(reason: TakeOverReason): Promise<boolean> {
    const [id, holder] = [this.#id, this.item?.claim?.by.name];
    if (!id || this.busy) return false;
    this.busy = 'take_over';
    this.refusal = null;
    try {
      const { fence, until } = await api.review.takeOver(id, reason);
      if (id !== this.#id) return false;
      this.#hold(fence, until);
      this.conflict = null;
      const { id: by, name } = this.#reviewer;
      const claim = { by: { id: by, name }, until, you: true };
      if (this.item) this.item = { ...this.item, claim };
      this.#desk.tell(id, { claim });
      this.#desk.say(`Taken over from ${holder ?? 'a colleague'}.`);
      return true;
    } catch (fault) {
      await this.#refused(problemOf(fault));
      return false;
    } finally {
      this.busy = null;
    }
  }

  /** Others act now: the claim is over, and it stands as the server says. */
  async waits(say: string): Promise<void> {
    this.#dropLease();
    await this.read();
    this.#desk.say(say);
  }

  /** Going elsewhere hands the item back; what was typed is kept for a return. */
  leave(): void {
    if (this.#id) {
      keep(this.#reviewer.id, this.#id, $state.snapshot(this.draft));
      if (this.lease) void api.review.unclaim(this.#id, this.lease.fence).catch(() => undefined);
    }
    this.#dropLease();
    this.#id = null;
    this.conflict = null;
    this.news = null;
    this.refusal = null;
    this.finding = null;
  }

  /** Judges as drafted. What is wrong with a signature is thrown, for the dialog that asked for it. */
  async decide(signature?: SignatureInput): Promise<Judged | null> {
    const { item, lease, draft } = this;
    const move = moveOf(item, draft.action);
    if (!item || !lease || !move || this.busy) return null;
    this.busy = 'decide';
    this.refusal = null;
    this.conflict = null;
    try {
      const judged = await api.review.decide(item.id, {
        fence: lease.fence,
        revision_hash: item.revision.hash,
        rule_set_hash: item.rule_set_hash,
        ...rulingOf(move, draft),
        ...(signature ? { signature } : {}),
      });
      forget(this.#reviewer.id, item.id);
      this.draft = emptyDraft();
      this.lease = null;
      this.item = {
        ...item,
        state: judged.state,
        decision: judged.decision,
        claim: null,
        actions: [],
        assessments: [...item.assessments, judged.assessment],
      };
      this.#desk.judged(item, judged);
      return judged;
    } catch (fault) {
      const problem = problemOf(fault);
      if (signature && !CONFLICTS.includes(problem.code as Conflict)) throw problem;
      await this.#refused(problem);
      return null;
    } finally {
      this.busy = null;
    }
  }

  async dispose(): Promise<boolean> {
    const { item, lease, draft } = this;
    if (!item || !lease || !draft.disposition || this.busy) return false;
    this.busy = 'dispose';
    this.refusal = null;
    this.conflict = null;
    try {
      const words = draft.noEventWords.trim();
      const answer = await api.review.dispose(item.id, {
        fence: lease.fence,
        disposition: draft.disposition,
        ...(draft.disposition === 'not_adverse_event' && draft.noEvent
          ? { reason_code: draft.noEvent }
          : {}),
        ...(words ? { words } : {}),
      });
      this.item = {
        ...item,
        needs_disposition: false,
        safety_case: { id: answer.case_id, disposition: answer.disposition },
      };
      this.#desk.tell(item.id, { needs_disposition: false });
      await this.#learn(item.id);
      this.#desk.say(`Recorded: ${terms.disposition[answer.disposition].toLowerCase()}.`);
      return true;
    } catch (fault) {
      await this.#refused(problemOf(fault));
      return false;
    } finally {
      this.busy = null;
    }
  }

  /** What can be done now that something was done. */
  async #learn(id: string): Promise<void> {
    const now = await api.review.item(id).catch(() => null);
    if (now && this.item?.id === id) this.item = { ...this.item, actions: now.actions };
  }

  #hold(fence: number, until: string): void {
    this.now = Date.now();
    this.lease = leaseFrom(fence, until, this.now, serverSkew());
  }

  async #beat(lease: LeaseClock): Promise<void> {
    const id = this.#id;
    if (!id) return;
    this.#beating = true;
    try {
      const { fence, until } = await api.review.heartbeat(id, lease.fence);
      if (this.#id === id && this.lease === lease) this.#hold(fence, until);
    } catch (fault) {
      if (this.#id !== id || this.lease !== lease) return;
      const problem = problemOf(fault);
      if (problem.code === 'lease_lost') this.#lost();
      else this.lease = retryBeat(lease, Date.now());
    } finally {
      this.#beating = false;
    }
  }

  #lost(): void {
    this.#dropLease();
    this.conflict = 'lease_lost';
    this.#desk.say('Your claim has ended. What you typed is kept.');
  }

  #dropLease(): void {
    if (this.lease && this.#id) this.#desk.tell(this.#id, { claim: null });
    this.lease = null;
  }

  async #refused(problem: Problem): Promise<void> {
    const kind = CONFLICTS.find((code) => code === problem.code);
    if (!kind) {
      this.refusal = problem;
      this.#desk.say(problem.message);
      return;
    }
    if (kind !== 'disposition_needed') this.#dropLease();
    // The item on screen is out of date: what is there now explains the refusal better than any sentence.
    if (kind !== 'disposition_needed' && kind !== 'lease_lost' && kind !== 'stale_revision') {
      await this.read();
    }
    this.conflict = kind;
    this.because = problem.message;
  }
}
