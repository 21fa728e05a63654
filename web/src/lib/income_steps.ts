// The income slider: one stop for each row of the scheme's income table.
import { money } from './figures';
import type { Bracket } from './rules';
import { t } from './texts.svelte';

/** "Rp 1.100.000 sampai di bawah Rp 1.300.000". */
export function incomeWords(brackets: readonly Bracket[], step: number): string {
  const from = brackets[step - 1]?.from ?? 0;
  const next = brackets[step];
  if (next === undefined) {
    return t('cost.above', { from: money(from) });
  }
  return step === 1
    ? t('cost.below', { to: money(next.from) })
    : t('cost.between', { from: money(from), to: money(next.from) });
}

/** The step a choice in the address names, within the table; the first without one. */
export function stepOf(text: string | null, brackets: readonly Bracket[]): number {
  const step = Number(text ?? '1');
  return Number.isInteger(step) ? Math.min(Math.max(step, 1), brackets.length) : 1;
}
