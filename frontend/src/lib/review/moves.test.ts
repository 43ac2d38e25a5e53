import { describe, expect, it } from 'vitest';
import type { Item } from '$lib/api';
import { moveOf, movesOf } from './moves';

const item = (actions: object[], balance_texts: object[] = []) =>
  ({ actions, balance_texts }) as unknown as Item;
const allowed = (action: string, needs: string[] = [], second_review = false) => ({
  action,
  needs,
  second_review,
});

describe('what a reviewer can do', () => {
  it('is what the server allows, in the order of the desk', () => {
    const moves = movesOf(item([allowed('reject', ['reason', 'words']), allowed('release')]));
    expect(moves.map(({ action }) => action)).toEqual(['release', 'reject']);
    expect(movesOf(item([]))).toEqual([]);
  });

  it('needs what the server says', () => {
    const move = moveOf(item([allowed('release', [], true)]), 'release');
    expect(move).toMatchObject({ needs: [], secondReview: true });
    expect(moveOf(item([allowed('release')]), 'reject')).toBeNull();
    expect(moveOf(null, 'release')).toBeNull();
  });

  it('shows nothing that this page cannot do', () => {
    expect(movesOf(item([allowed('undo'), allowed('dispose'), allowed('levitate')]))).toEqual([]);
  });

  it('offers a text of the company only where there is one', () => {
    const balance = allowed('release_with_balance', ['balance_text']);
    expect(movesOf(item([balance]))).toEqual([]);
    expect(movesOf(item([balance], [{ key: 'risks', text: 'Important risks.' }]))).toHaveLength(1);
  });
});
