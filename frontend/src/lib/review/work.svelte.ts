// What the reviewer does with the open item. Every key and every button of the panes ends here; what comes of it the
// server says.
import { goto } from '$app/navigation';
import {
  api,
  type Action,
  type Background,
  type Disposition,
  type Judged,
  type Me,
  type SignatureInput,
  type SkipReason,
  type TakeOverReason,
} from '$lib/api';
import { tick } from 'svelte';
import type { Desk } from './desk.svelte';
import type { Actions, DeskKeys } from './desk-keys.svelte';
import { choose } from './digits';
import { queryOf } from './filters';
import { moveOf, movesOf } from './moves';
import { OpenItem } from './open-item.svelte';
import { isToDecide } from './queue';
import { Reading } from './reading.svelte';
import { answerable, askable } from './referral';
import { begin, fieldOf, lacking } from './ruling';

/** What is being asked before it is done. */
export type Asked = 'skip' | 'take_over' | 'refer';

export class Work {
  readonly open: OpenItem;
  readonly reading: Reading;
  asked = $state<Asked | null>(null);
  /** The form that asks, where there is one: digits choose in it first. */
  form = $state<{ pick(number: number): boolean }>();
  /** The judgement is being signed. */
  signing = $state(false);
  /** What surrounds the item. What is missing here leaves no hole. */
  background = $state.raw<Background | null>(null);
  move = $derived.by(() => moveOf(this.open.item, this.open.draft.action));
  mayTakeOver = $derived.by(() => this.open.mayTakeOver(this.#seats));
  mayRefer = $derived.by(() => askable(this.open.item));
  /** The open question that this person may answer. */
  mayAnswer = $derived.by(() => answerable(this.open.item, this.#seats));

  readonly desk: Desk;
  readonly keys: DeskKeys;
  readonly #seats: Me['memberships'];
  #id = '';

  constructor(desk: Desk, keys: DeskKeys, me: Me | null) {
    this.desk = desk;
    this.keys = keys;
    this.#seats = me?.memberships ?? [];
    this.open = new OpenItem(desk, me?.account ?? { id: '', name: '' });
    this.reading = new Reading(this.open, desk);
  }

  /** Who carries out which command while the item is open. */
  actions(): Actions {
    const { open, reading } = this;
    const { item } = open;
    return {
      ...(open.takeable && !open.held && this.desk.cursor === this.#id
        ? { open: () => void this.claim() }
        : {}),
      ...Object.fromEntries(
        (item ? movesOf(item) : []).map(({ action, command }) => [
          command,
          () => void this.decideTo(action),
        ]),
      ),
      adverse_event: () => void this.dispose('adverse_event'),
      special_situation: () => void this.dispose('special_situation'),
      quality_complaint: () => void this.dispose('quality_complaint'),
      not_adverse_event: () => void this.dispose('not_adverse_event'),
      words: () => void focusOn('decision', '[data-need="words"] textarea'),
      note: () => void focusOn('notes', 'textarea'),
      next_finding: () => reading.step(1),
      previous_finding: () => reading.step(-1),
      view: () => reading.nextView(),
      pick: (number) => this.pick(number),
      hand_back: () => void open.handBack(),
      ...(item && !item.conflict && isToDecide(item.state)
        ? { skip: () => void this.ask('skip') }
        : {}),
      ...(this.mayAnswer !== null || this.mayRefer ? { refer: () => void this.refer() } : {}),
      ...(this.mayTakeOver ? { take_over: () => void this.ask('take_over') } : {}),
      back: () => this.stepBack(),
    };
  }

  /** Opens an item, and claims it where that was asked for. */
  async begin(id: string, andClaim: boolean): Promise<void> {
    this.#id = id;
    this.desk.cursor = id;
    this.reading.begin();
    this.asked = null;
    this.background = null;
    await Promise.all([this.open.open(id), this.#findBackground(id)]);
    if (this.#id !== id) return;
    if (andClaim && this.open.takeable) await this.open.claim();
    await focusOn('item-heading');
  }

  async #findBackground(id: string): Promise<void> {
    const found = await api.review.background(id).catch(() => null);
    if (this.#id === id) this.background = found;
  }

  next(): void {
    this.keys.run('next');
  }

  async claim(): Promise<boolean> {
    return this.open.held || (this.open.takeable && (await this.open.claim()));
  }

  /** Chooses a judgement and leads to what it still lacks. */
  async decideTo(action: Action): Promise<void> {
    if (!(await this.claim())) return;
    const { open } = this;
    begin(open.draft, action);
    const move = moveOf(open.item, action);
    const [first] = move ? lacking(move, open.draft) : [];
    if (first === undefined) await focusOn('confirm-decision');
    else await focusOn('decision', fieldOf(first));
    // What was chosen, and what it asks for, from its beginning on.
    document.getElementById('decision')?.scrollIntoView({ block: 'nearest' });
  }

  async ask(what: Asked): Promise<void> {
    this.asked = what;
    await focusOn('asked', 'input');
  }

  cancel(): void {
    this.asked = null;
    void focusOn('item-heading');
  }

  async skip(reason: SkipReason, words: string): Promise<void> {
    if (!(await this.open.skip(reason, words))) return;
    this.asked = null;
    this.next();
  }

  async takeOver(reason: TakeOverReason): Promise<void> {
    this.asked = null;
    await this.open.takeOver(reason);
    await focusOn('item-heading');
  }

  /** Asks another desk; or answers, where this person was asked. */
  async refer(): Promise<void> {
    if (this.mayAnswer !== null) await goto(`/referrals/${this.mayAnswer}`);
    else if (this.mayRefer && (await this.claim())) await this.ask('refer');
  }

  /** The questions are put: the item waits for others. */
  async referred(): Promise<void> {
    this.asked = null;
    await this.open.waits('The question is put. The item waits for its answer.');
    if (this.keys.preferences.goOn) this.next();
    else await focusOn('next-item');
  }

  /** A digit: what is asked for, or else the finding with this number. */
  pick(number: number): boolean {
    if (this.asked) return this.form?.pick(number) ?? false;
    const place = choose(this.open, number);
    if (place === null) return this.reading.stepWithin(number);
    if (place) void focusOn(...place);
    return place !== false;
  }

  async dispose(disposition: Disposition): Promise<void> {
    const { open } = this;
    if (!open.needsDisposition || !(await this.claim())) return;
    open.draft.disposition = disposition;
    if (disposition === 'not_adverse_event') await focusOn('disposition', '[data-numbered] input');
    else await focusOn('record-disposition');
  }

  async record(): Promise<void> {
    if ((await this.open.dispose()) && this.open.draft.action) await focusOn('confirm-decision');
    else await focusOn('safety-heading');
  }

  async confirm(): Promise<void> {
    if (this.move?.needs.includes('signature')) this.signing = true;
    else await this.#goOn(await this.open.decide());
  }

  async sign(signature: SignatureInput): Promise<void> {
    const judged = await this.open.decide(signature);
    this.signing = false;
    await tick();
    await this.#goOn(judged);
  }

  async #goOn(judged: Judged | null): Promise<void> {
    if (judged && this.keys.preferences.goOn) this.next();
    else if (judged) await focusOn('next-item');
    else if (this.open.conflict === 'disposition_needed') await focusOn('safety-heading');
  }

  stepBack(): void {
    const { draft } = this.open;
    if (this.asked) {
      this.cancel();
    } else if (this.reading.lookAway()) {
      // Looked away from a finding or from evidence: nothing else.
    } else if (draft.action || draft.disposition) {
      draft.action = null;
      draft.disposition = null;
    } else {
      const row = this.desk.cursor;
      void goto(this.queue, { noScroll: true }).then(() => focusOn(`row-${row}`));
    }
  }

  /** The address of the list that the item was opened from. */
  get queue(): string {
    return `/review${queryOf(this.desk.filters)}`;
  }
}

export async function focusOn(id: string, within?: string): Promise<void> {
  await tick();
  const place = document.getElementById(id);
  (within ? place?.querySelector<HTMLElement>(within) : place)?.focus();
}
