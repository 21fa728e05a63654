// What the page is asked, as it stands in the address, and what of it the server can tell.
import type { MonthText } from '../lib/figures';
import { link } from '../lib/router.svelte';
import { isMeasure, type Measure } from './measures';

export const SPLITS = ['region', 'branch', 'sector', 'door', 'group'] as const;
export type Split = (typeof SPLITS)[number];
export const FILTERS = ['branch', 'sector', 'door', 'group'] as const;
export type Filter = (typeof FILTERS)[number];
export type SortColumn = Measure | 'name';

export interface Question {
  month: MonthText;
  /** Code of a province, regency, district or village; empty: all one may see. */
  region: string;
  branch: string;
  sector: string;
  door: string;
  group: string;
  split: Split;
  measure: Measure;
  sort: SortColumn;
  rising: boolean;
}

/** How far the role of who asks reaches, as the server tells it. */
export interface Reach {
  kind: string;
  id: number;
}

const NAMES = {
  month: 'bulan', region: 'wilayah', branch: 'cabang', sector: 'sektor', door: 'pintu', group: 'wadah',
  split: 'per', measure: 'angka', sort: 'urut',
} as const;
const CODE_LENGTHS = [0, 2, 4, 6, 10];
export const REGENCY = 2;
const VILLAGE = 4;

/** 0 the nation, 1 a province, 2 a regency, 3 a district, 4 a village. */
export function levelOf(region: string): number {
  return CODE_LENGTHS.indexOf(region.length);
}

/** What cannot be read is left at what it usually is. */
export function readQuestion(choices: URLSearchParams, thisMonth: MonthText): Question {
  const read = (name: keyof typeof NAMES) => choices.get(NAMES[name]) ?? '';
  const [month, region, split, measure, sort] = [read('month'), read('region'), read('split'), read('measure'), read('sort')];
  const column = sort.replace(/^-/, '');
  const isSorted = isMeasure(column) || column === 'name';
  return {
    month: /^\d{4}-(0[1-9]|1[0-2])$/.test(month) ? month : thisMonth,
    region: /^\d*$/.test(region) && levelOf(region) > 0 ? region : '',
    branch: read('branch'),
    sector: read('sector'),
    door: read('door'),
    group: read('group'),
    split: SPLITS.includes(split as Split) ? (split as Split) : 'region',
    measure: isMeasure(measure) ? measure : 'active',
    sort: isSorted ? (column as SortColumn) : 'registered',
    rising: isSorted && !sort.startsWith('-'),
  };
}

/** The address of a question; what is as usual is left out. */
export function linkTo(question: Question, thisMonth: MonthText): string {
  return link('', choicesOf(question, thisMonth));
}

export function choicesOf(question: Question, thisMonth: MonthText): Record<string, string> {
  const usual = readQuestion(new URLSearchParams(), thisMonth);
  const sort = `${question.rising ? '' : '-'}${question.sort}`;
  const said: [keyof typeof NAMES, string, string][] = [
    ...(['month', 'region', ...FILTERS, 'split', 'measure'] as const).map(
      (name): [keyof typeof NAMES, string, string] => [name, question[name], usual[name]],
    ),
    ['sort', sort, `-${usual.sort}`],
  ];
  return Object.fromEntries(said.filter(([, value, common]) => value !== common).map(([name, value]) => [NAMES[name], value]));
}

/** The same question of what the role of who asks reaches: a region of her own is where she begins. */
export function within(question: Question, reach: Reach): Question {
  const own = reach.kind === 'region' ? String(reach.id) : '';
  return { ...question, region: question.region === '' ? own : question.region };
}

/** Told of a part of the people of a place, so not below a regency. */
function isOfPart(question: Question, reach: Reach): boolean {
  return reach.kind === 'group' || FILTERS.some((filter) => question[filter] !== '');
}

/** By what the part asked about can be split. */
export function splitsOf(question: Question, reach: Reach): Split[] {
  const level = levelOf(question.region);
  if (level > REGENCY) {
    return level < VILLAGE ? ['region'] : [];
  }
  const others = FILTERS.filter((filter) => question[filter] === '' && reach.kind !== filter);
  return level === REGENCY && isOfPart(question, reach) ? others : ['region', ...others];
}

/** The question that is really put: by something that can be told. */
export function asked(question: Question, reach: Reach): Question {
  const inside = within(question, reach);
  const splits = splitsOf(inside, reach);
  return splits.includes(inside.split) ? inside : { ...inside, split: splits[0] ?? 'region' };
}

/** What a row of the split leads to; nothing where there is nothing more to tell. */
export function drill(question: Question, code: string): Question | undefined {
  if (question.split !== 'region') {
    return code === '' ? undefined : { ...question, [question.split]: code, split: 'region' };
  }
  // People whose village nobody knows are counted under a code that is no place.
  const isNowhere = code.slice(4, 6) === '00';
  return levelOf(code) > levelOf(question.region) && !isNowhere ? { ...question, region: code } : undefined;
}

/** A part of the people is told down to the regency: choosing one leads up to it. */
export function choose(question: Question, filter: Filter, code: string): Question {
  const region = code !== '' && levelOf(question.region) > REGENCY ? question.region.slice(0, 4) : question.region;
  return { ...question, region, [filter]: code };
}

/** The part of a question that the server takes. */
export function partOf(question: Question): Record<string, string> {
  const part = { month: question.month, region: question.region, branch: question.branch, sector: question.sector, door: question.door, group: question.group };
  return Object.fromEntries(Object.entries(part).filter(([, value]) => value !== ''));
}

/** The map there is of a place: its provinces, or the regencies of a province. */
export function mapOf(region: string): string | undefined {
  return levelOf(region) === 0 ? 'nation' : levelOf(region) === 1 ? region : undefined;
}

export function monthsBefore(month: MonthText, count: number): MonthText[] {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return Array.from({ length: count }, (_, back) => new Date(Date.UTC(year, number - 1 - back, 1)).toISOString().slice(0, 7));
}

export function monthAfter(month: MonthText): MonthText {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}
