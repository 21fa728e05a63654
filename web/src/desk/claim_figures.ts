// How the claims of a time were handled: which time was chosen, and the figures of it as tables, the
// same on the page and in the file that is saved. What is counted is the server's.
import type { Schemas } from '../lib/api';
import type { Cell } from '../lib/csv';
import { count, money, percent, type DayText } from '../lib/figures';
import type { Answers } from '../lib/report';
import { isKnown, t, type TextKey } from '../lib/texts.svelte';
import { dayOf, withDay } from '../lib/typed_day';
import { isState, stateName } from './desk.svelte';

export type ClaimFigures = Schemas['ClaimFigures'];

export interface Span {
  from: DayText;
  to: DayText;
}

/** What may be chosen, the usual one first. */
export const TIMES = ['days', 'this_month', 'last_month', 'year', 'own'] as const;
export type Time = (typeof TIMES)[number];

const USUAL_DAYS = 30;
const PPM = 1_000_000;

export function timeOf(text: string | null): Time {
  return TIMES.find((time) => time === text) ?? 'days';
}

const dayAt = (year: number, month: number, day: number): DayText => new Date(Date.UTC(year, month, day)).toISOString().slice(0, 10);

/** Both days belong to it. */
export function spanOf(time: Time, today: DayText): Span {
  const [year = 0, month = 1, day = 1] = today.split('-').map(Number);
  switch (time) {
    case 'this_month':
      return { from: dayAt(year, month - 1, 1), to: today };
    case 'last_month':
      return { from: dayAt(year, month - 2, 1), to: dayAt(year, month - 1, 0) };
    case 'year':
      return { from: dayAt(year, 0, 1), to: today };
    default:
      return { from: dayAt(year, month - 1, day - USUAL_DAYS + 1), to: today };
  }
}

export const isDay = (text: string): boolean => dayOf(withDay('x', text), 'x') === text;

/** What is wrong with a time that was typed; how long it may be, the server says. */
export function wrongSpan(answers: Answers): { field: 'from-day' | 'to-day'; words: string }[] {
  const [from, to] = [dayOf(answers, 'from'), dayOf(answers, 'to')];
  const problems: ReturnType<typeof wrongSpan> = [];
  if (from === undefined) {
    problems.push({ field: 'from-day', words: t('tell.wrong_day') });
  }
  if (to === undefined) {
    problems.push({ field: 'to-day', words: t('tell.wrong_day') });
  } else if (from !== undefined && to < from) {
    problems.push({ field: 'to-day', words: t('handled.wrong_order') });
  }
  return problems;
}

export type Unit = 'count' | 'money' | 'days' | 'share';

export interface FigureLine {
  /** As the server calls it; in the file that is saved. */
  code: string;
  name: string;
  /** What it counts, where its name does not say it. */
  text?: string;
  unit: Unit;
  /** Nothing where there is nothing to divide by. */
  value: number | undefined;
  /** Of the whole table, in parts per million. */
  share?: number | undefined;
  isSum?: boolean;
}

export interface FigureTable {
  id: 'paid' | 'begun' | 'now' | 'money' | 'approved' | 'refused';
  title: string;
  text: string;
  hasShares: boolean;
  lines: FigureLine[];
}

export function shareOf(part: number, whole: number): number | undefined {
  return whole === 0 ? undefined : Math.round((part * PPM) / whole);
}

export function figureWords(value: number | undefined, unit: Unit): string {
  if (value === undefined) {
    return '–';
  }
  switch (unit) {
    case 'money':
      return money(value);
    case 'share':
      return percent(value);
    case 'days':
      return t('handled.days', { n: count(value, 1) });
    case 'count':
      return count(value);
  }
}

const STATES_IN_ORDER = ['draft', 'reported', 'complete', 'proposed', 'approved', 'paying', 'returned', 'paid', 'refused', 'withdrawn'];
const DECIDERS = ['one_person', 'second_person', 'by_rule'];
const PROGRAMMES = ['JKK', 'JKM', 'JHT'];

const sumOf = (counts: Record<string, number>) => Object.values(counts).reduce((sum, number) => sum + number, 0);

function named(head: 'handled.by_' | 'desk.refusal_' | 'handled.of_', code: string): string {
  const key = `${head}${code.toLowerCase()}`;
  return isKnown(key) ? t(key) : code;
}

/** What is there in the usual order, zeros too; after it what this page does not know. */
function linesOf(table: string, counts: Record<string, number>, codes: readonly string[], name: (code: string) => string, unit: Unit = 'count'): FigureLine[] {
  const whole = sumOf(counts);
  const others = Object.keys(counts).filter((code) => !codes.includes(code));
  const lines = [...codes, ...others].map((code) => {
    const value = counts[code] ?? 0;
    return { code: `${table}.${code}`, name: name(code), unit, value, share: shareOf(value, whole) };
  });
  return [...lines, { code: `${table}.all`, name: t('handled.all'), unit, value: whole, share: shareOf(whole, whole), isSum: true }];
}

function line(code: string, value: number | undefined, unit: Unit): FigureLine {
  const text = `handled.about_${code}`;
  return { code, name: t(`handled.${code}` as TextKey), ...(isKnown(text) ? { text: t(text) } : {}), unit, value };
}

export const averageDays = ({ days, paid }: ClaimFigures) => (paid === 0 ? undefined : days / paid);
export const shareInTime = ({ paid, paid_late }: ClaimFigures) => shareOf(paid - paid_late, paid);
export const shareWithoutVisit = ({ begun, without_visit }: ClaimFigures) => shareOf(without_visit, begun);
export const benefitsOf = ({ given }: ClaimFigures) => sumOf(given);

/** Nothing happened in the time; where claims stand now is told all the same. */
export function isEmpty(figures: ClaimFigures): boolean {
  const { paid, begun, penalties, approved, refused } = figures;
  return [paid, begun, penalties, sumOf(approved), sumOf(refused)].every((number) => number === 0);
}

export function tablesOf(figures: ClaimFigures): FigureTable[] {
  const { paid, paid_late, begun, without_visit } = figures;
  const table = (id: FigureTable['id'], lines: FigureLine[]): FigureTable => ({
    id, title: t(`handled.${id}_title`), text: t(`handled.${id}_text`), hasShares: lines.some((one) => one.share !== undefined), lines,
  });
  // Only those reasons that were given: most never are.
  const reasons = linesOf('refused', figures.refused, [], (code) => named('desk.refusal_', code));
  const benefits = linesOf('given', figures.given, PROGRAMMES, (code) => named('handled.of_', code), 'money');
  return [
    table('paid', [
      line('paid', paid, 'count'),
      line('average_days', averageDays(figures), 'days'),
      line('most_days', paid === 0 ? undefined : figures.most_days, 'days'),
      line('in_time', paid - paid_late, 'count'),
      line('paid_late', paid_late, 'count'),
      line('share_in_time', shareInTime(figures), 'share'),
    ]),
    table('begun', [
      line('begun', begun, 'count'),
      line('without_visit', without_visit, 'count'),
      line('share_without_visit', shareWithoutVisit(figures), 'share'),
    ]),
    table('now', linesOf('now', figures.now, STATES_IN_ORDER, (code) => (isState(code) || code === 'draft' ? stateName(code) : code))),
    table('money', [
      ...benefits.map(({ share: _, ...one }) => one),
      line('tax', figures.tax, 'money'),
      line('given_back', figures.given_back, 'money'),
      line('penalties', figures.penalties, 'money'),
    ]),
    table('approved', linesOf('approved', figures.approved, DECIDERS, (code) => named('handled.by_', code))),
    table('refused', reasons),
  ];
}

/** In per cent, and days with two places at most: with a point, as spreadsheets read it everywhere. */
function cellOf({ value, unit }: FigureLine): Cell {
  if (value === undefined) {
    return undefined;
  }
  return unit === 'share' ? Math.round(value / 100) / 100 : unit === 'days' ? Math.round(value * 100) / 100 : value;
}

/** A row for each figure, rupiah and counts as whole numbers. */
export function figureRows(figures: ClaimFigures): Cell[][] {
  const head = ['from', 'to', 'table', 'code', 'figure', 'value', 'unit'].map((column) => t(`handled.column_${column}` as TextKey));
  return [
    head,
    ...tablesOf(figures).flatMap(({ title, lines }) =>
      lines.map((one): Cell[] => [figures.from, figures.to, title, one.code, one.name, cellOf(one), t(`handled.unit_${one.unit}`)]),
    ),
  ];
}
