// What the lines of a claim are called, and how each amount came about, in words.
import type { ClaimDetail } from './claims';
import { count, money, month, percent } from './figures';
import { t, type TextKey } from './texts.svelte';

type Line = ClaimDetail['lines'][number];

// The longest beginning that fits names the benefit.
const LINES: [begin: string, key: TextKey][] = [
  ['jkk-medical', 'get.medical'],
  ['jkk-home-care', 'line.home_care'],
  ['jkk-transport', 'get.transport'],
  ['jkk-stmb', 'get.stmb'],
  ['jkk-partial', 'line.partial'],
  ['jkk-total-disability', 'get.disability'],
  ['jkk-death', 'get.death_work'],
  ['jkk-funeral', 'get.funeral'],
  ['jkk-periodic-grant', 'get.periodic'],
  ['jkk-rehabilitation', 'line.rehabilitation'],
  ['jkk-dentures', 'line.dentures'],
  ['jkk-hearing-aid', 'line.hearing_aid'],
  ['jkk-glasses', 'line.glasses'],
  ['jkk-return-to-work', 'line.return_to_work'],
  ['jkk-scholarship', 'get.scholarship'],
  ['jkm-death-grant', 'get.grant'],
  ['jkm-periodic-grant', 'get.periodic'],
  ['jkm-funeral', 'get.funeral'],
  ['jkm-scholarship', 'get.scholarship'],
  ['jht-account', 'line.savings'],
  ['jht-part', 'line.savings_part'],
  ['tax', 'line.tax'],
  ['scholarship', 'get.scholarship'],
  ['paid-before', 'line.paid_before'],
  ['refund', 'line.refund'],
  ['credit', 'line.credit'],
];

export function benefitName(id: string): string {
  const key = LINES.find(([begin]) => id.startsWith(begin))?.[1];
  return key ? t(key) : id;
}

const WITHHELD: Record<string, TextKey> = {
  'entitlement.too_few_months': 'claim.withheld_months',
  'entitlement.no_child': 'claim.withheld_child',
  'refund.savings_paid': 'claim.withheld_savings_paid',
  'refund.by_agreement': 'claim.withheld_by_agreement',
};

export function withheldWords(rule: string): string {
  return t(WITHHELD[rule] ?? 'claim.withheld_other');
}

type Term = { name: string; value: string };
const SHARES = ['share', 'table', 'loss'];
const COUNTS = ['multiple', 'months', 'days', 'days-of-month', 'days-late'];
const SUMS = ['base', 'spent', 'price', 'balance', 'asked', 'free', 'at-most', 'at-least', 'credit'];
const MONTHS = ['first_month', 'last_month']; // 202605

function termValue(term: string, number: number): string | undefined {
  if (MONTHS.includes(term)) {
    return /^\d{6}$/.test(`${number}`) ? month(`${number}`.replace(/(..)$/, '-$1')) : undefined;
  }
  return SHARES.includes(term) ? percent(number) : COUNTS.includes(term) ? count(number) : SUMS.includes(term) ? money(number) : undefined;
}

/** "base 1000000 share 800000" as rows people can read; a term that is not known is left out. */
export function workingOf({ working }: Line): Term[] {
  const words = working.split(' ');
  const terms: Term[] = [];
  for (let at = 0; at + 1 < words.length; at += 2) {
    const [term = '', number = Number.NaN] = [words[at], Number(words[at + 1])];
    const value = Number.isFinite(number) ? termValue(term, number) : undefined;
    if (value !== undefined) {
      terms.push({ name: t(`work.${term.replaceAll('-', '_')}` as TextKey), value });
    }
  }
  return terms;
}
