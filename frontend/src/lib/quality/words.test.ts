import { describe, expect, it } from 'vitest';
import { agreementInWords, between, kappa, kappaBetween, percent } from './words';

const agreement = {
  pairs: 40,
  agreed: 32,
  kappa: 0.428571,
  low: 0.1,
  high: 0.75,
  enough: true,
  table: [],
};

describe('shares', () => {
  it('are whole percents, with their interval', () => {
    expect(percent(0.625)).toBe('63 %');
    expect(between({ low: 0.44, high: 0.771 })).toBe('44 to 77 %');
  });

  it('of nothing are no number', () => {
    expect(percent(null)).toBe('–');
    expect(between({ low: null, high: null })).toBe('');
  });
});

describe('agreement', () => {
  it('has two digits', () => {
    expect(kappa(agreement)).toBe('0.43');
    expect(kappaBetween(agreement)).toBe('0.10 to 0.75');
  });

  it('of few pairs says that they are too few', () => {
    expect(agreementInWords({ ...agreement, pairs: 3, agreed: 2, enough: false })).toContain(
      'too few',
    );
    expect(agreementInWords({ ...agreement, pairs: 0, agreed: 0 })).toContain('Nobody');
  });

  it('that chance would bring as well says so', () => {
    expect(agreementInWords({ ...agreement, kappa: null })).toContain('chance');
  });
});
