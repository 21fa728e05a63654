// What the page counts, in the order it tells it, and how each is written.
import type { Schemas } from '../lib/api';
import { count, money, percent } from '../lib/figures';

export const COUNTED = [
  'registered', 'active', 'grace', 'lapsed', 'ended', 'joined', 'returned', 'lost', 'left', 'months', 'received',
] as const;
export type Counted = (typeof COUNTED)[number];
/** Counted, and the share of the registered who are active. */
export const MEASURES = [...COUNTED, 'share'] as const;
export type Measure = (typeof MEASURES)[number];

export type Figures = Pick<Schemas['CoverageRow'], Counted | 'paid'>;
export type Row = Figures & { code: string; name: string };

const PPM = 1_000_000;

/** In parts per million; nothing when there is no whole. */
export function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.round((part * PPM) / whole);
}

export function valueOf(figures: Figures, measure: Measure): number | undefined {
  return measure === 'share' ? shareOf(figures.active, figures.registered) : figures[measure];
}

export function wordsOf(value: number | undefined, measure: Measure): string {
  if (value === undefined) {
    return '–';
  }
  return measure === 'received' ? money(value) : measure === 'share' ? percent(value) : count(value);
}

export function isMeasure(text: string | null): text is Measure {
  return MEASURES.includes(text as Measure);
}

/** How a figure moved since the month before; `ppm` of what it was, where it was anything. */
export function changeOf(now: number, before: number): { by: number; ppm: number | undefined } {
  return { by: now - before, ppm: shareOf(Math.abs(now - before), Math.abs(before)) };
}
