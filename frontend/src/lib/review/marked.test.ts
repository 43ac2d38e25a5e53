import { describe, expect, it } from 'vitest';
import type { ItemCard } from '$lib/api';
import { aloneBecause, Marked, MOST_MARKED } from './marked.svelte';

const card = (id: string, more: object = {}) =>
  ({
    id,
    state: 'waiting',
    origin: 'submission',
    community: { slug: 'clinicians', name: 'Clinicians' },
    conflict: null,
    claim: null,
    needs_disposition: false,
    risk: 'routine',
    families: ['conduct'],
    ...more,
  }) as unknown as ItemCard;
const rows = (...cards: ItemCard[]) => cards.map((item) => ({ item, gone: false }));
const ids = (marked: Marked) => marked.items.map(({ id }) => id);

describe('marked rows', () => {
  it('are marked and unmarked one by one, in the order of the list', () => {
    const marked = new Marked();
    const list = rows(card('a'), card('b'), card('c'));
    marked.toggle(list, 'c');
    marked.toggle(list, 'a');
    expect(ids(marked)).toEqual(['a', 'c']);
    marked.toggle(list, 'c');
    expect(ids(marked)).toEqual(['a']);
  });

  it('are of one community and one kind', () => {
    const marked = new Marked();
    const elsewhere = { community: { slug: 'patients', name: 'Patients' } };
    const list = rows(card('a'), card('b', { families: ['privacy'] }), card('c', elsewhere));
    expect(marked.toggle(list, 'a')).toBeNull();
    expect(marked.toggle(list, 'b')).toContain('another kind');
    expect(marked.toggle(list, 'c')).toContain('another kind');
    expect(ids(marked)).toEqual(['a']);
  });

  it('are never what may tell of a side effect, what is held by others, or what is over', () => {
    const by = { by: { id: 'x', name: 'Ana' }, until: '', you: false };
    expect(aloneBecause(card('a', { risk: 'safety' }))).toContain('side effect');
    expect(aloneBecause(card('a', { needs_disposition: true }))).toContain('side effect');
    expect(aloneBecause(card('a', { claim: by }))).toBe('Ana is reviewing it.');
    expect(aloneBecause(card('a', { state: 'decided' }))).not.toBeNull();
    expect(aloneBecause(card('a', { origin: 'appeal' }))).not.toBeNull();
    expect(aloneBecause(card('a', { families: ['conduct', 'privacy'] }))).not.toBeNull();
    expect(aloneBecause(card('a'))).toBeNull();
  });

  it('are marked from the last one to here, without those that do not fit', () => {
    const marked = new Marked();
    const list = rows(card('a'), card('b', { risk: 'safety' }), card('c'), card('d'));
    marked.toggle(list, 'd');
    expect(marked.upTo(list, 'a')).toBe(3);
    expect(ids(marked)).toEqual(['a', 'c', 'd']);
  });

  it('are as many as the server judges at once', () => {
    const marked = new Marked();
    const list = rows(...Array.from({ length: 60 }, (_, at) => card(`item-${at}`)));
    marked.toggle(list, 'item-0');
    expect(marked.upTo(list, 'item-59')).toBe(MOST_MARKED);
  });
});
