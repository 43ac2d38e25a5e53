// What the reviewer looks at in the open item: the view of the text, a finding, or the words of evidence.
import { tick } from 'svelte';
import type { Mark } from '$lib/ui';
import type { Desk } from './desk.svelte';
import { evidenceField, type Placed } from './evidence';
import { findingMark, grouped, nextOfRule, nextPlace } from './findings';
import type { OpenItem } from './open-item.svelte';
import { nextView, type View } from './views';

export class Reading {
  view = $state<View>('marked');
  evidence = $state.raw<{ field: 'title' | 'body'; mark: Mark } | null>(null);
  readonly #open: OpenItem;
  readonly #desk: Desk;
  groups = $derived.by(() => grouped(this.#open.item?.findings ?? []));

  constructor(open: OpenItem, desk: Desk) {
    this.#open = open;
    this.#desk = desk;
  }

  /** Another item is opened. */
  begin(): void {
    this.view = 'marked';
    this.evidence = null;
  }

  /** Looks away from what was looked at; says whether there was something. */
  lookAway(): boolean {
    const looked = this.evidence !== null || this.#open.finding !== null;
    this.evidence = null;
    this.#open.finding = null;
    return looked;
  }

  nextView(): void {
    this.view = nextView(this.view, this.#open.item?.previous_released != null);
  }

  select(index: number): void {
    if (this.#open.finding === index) this.#open.finding = null;
    else this.#look(index);
  }

  step(by: 1 | -1): void {
    const next = nextPlace(this.groups, this.#open.finding, by);
    if (next !== null) this.#look(next);
  }

  /** The next place of the rule with this number; says whether there is one. */
  stepWithin(number: number): boolean {
    const index = nextOfRule(this.groups, number, this.#open.finding);
    if (index !== null) this.#look(index);
    return index !== null;
  }

  jump(words: Placed): void {
    const { item } = this.#open;
    const field = item && evidenceField(words, item.revision);
    const { start, end } = words;
    if (!field || start === null || end === null) return;
    this.#open.finding = null;
    const mark: Mark = { id: 'evidence', start, end, tone: 'good', label: 'Evidence' };
    this.evidence = { field, mark };
    void bringIntoView('evidence');
  }

  #look(index: number): void {
    this.evidence = null;
    this.#open.finding = index;
    const finding = this.#open.item?.findings[index];
    if (finding) this.#desk.say(`${finding.title}: “${finding.matched}”`);
    void bringIntoView(findingMark(index), `about-${findingMark(index)}`);
  }
}

/** Shows the mark and, where there is one, the entry about it; neither moves when it is in view already. */
async function bringIntoView(mark: string, entry?: string) {
  await tick();
  if (entry) document.getElementById(entry)?.scrollIntoView({ block: 'nearest' });
  document.getElementById(`mark-${mark}`)?.parentElement?.scrollIntoView({ block: 'nearest' });
}
