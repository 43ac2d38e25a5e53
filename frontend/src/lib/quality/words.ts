import type { Agreement, Rate } from '$lib/api';

/** A share as people read it: no digits that the number of cases does not carry. */
export function percent(share: number | null): string {
  return share === null ? '–' : `${Math.round(share * 100)} %`;
}

/** Where the true share lies, most likely. */
export function between({ low, high }: Pick<Rate, 'low' | 'high'>): string {
  return low === null || high === null ? '' : `${Math.round(low * 100)} to ${percent(high)}`;
}

/** Kappa with two digits, as is usual. */
export function kappa({ kappa: value }: Pick<Agreement, 'kappa'>): string {
  return value === null ? '–' : value.toFixed(2);
}

export function kappaBetween({ low, high }: Pick<Agreement, 'low' | 'high'>): string {
  return low === null || high === null ? '' : `${low.toFixed(2)} to ${high.toFixed(2)}`;
}

/** What the numbers of a pair of judgements are worth, in a sentence. */
export function agreementInWords(agreement: Agreement): string {
  const { pairs, agreed, kappa: value, low, enough } = agreement;
  if (pairs === 0) return 'Nobody has judged a text that somebody else had judged unseen.';
  const so = `${agreed} of ${pairs} times both said the same.`;
  if (value === null)
    return `${so} Both said the same thing of every text, so chance would do as well.`;
  if (!enough) return `${so} That is too few to speak of how far they agree.`;
  if (low === null) return `${so} Kappa is the same in every case; it has no interval.`;
  return so;
}
