// What the faces ask the rules, with types. No figure of the law stands here: amounts, brackets,
// reliefs and returns all come out of the scheme's text.
import wasmUrl from '../../../build/wasm/jaring_rules.wasm?url';
import type { DayText, MonthText } from './figures';
import type { MarkCode } from './marks';
import { type Answers, type Givens, RulesModule } from './rules_module';

export type Programme = 'JKK' | 'JKM' | 'JHT';

export interface Terms {
  income: number;
  programmes: readonly Programme[];
  sector: string;
}
export interface Price {
  total: number;
  full: number;
  parts: Partial<Record<Programme, number>>;
  hasRelief: boolean;
}
export interface Bill {
  first: MonthText;
  last: MonthText;
  total: number;
  months: { month: MonthText; total: number }[];
}
export interface Bracket {
  number: number;
  from: number;
  base: number;
  mark: MarkCode;
}
export interface Relief {
  id: string;
  paysPpm: number;
  last: MonthText | null;
  mark: MarkCode;
}
export interface Benefit {
  kind: string;
  amount?: number;
  cap?: number;
  monthFrom?: number;
  monthTo?: number;
  needsMonths?: number;
  mark: MarkCode;
}
export interface Benefits {
  base: number;
  byId: Record<string, Benefit>;
  scholarship?: { total: number; perChild: number; children: number; needsMonths: number; mark: MarkCode };
}
export interface Savings {
  monthly: number;
  low: { ppm: number; year: number; mark: MarkCode };
  high: { ppm: number; year: number; mark: MarkCode };
  years: { paid: number; low: number; high: number }[];
}

/** A question the rules refuse; `rule` is the rule id. */
export class RuleRefusal extends Error {
  constructor(readonly rule: string) {
    super(rule);
  }
}

export class Rules {
  constructor(private readonly module: RulesModule) {}

  private ask(kind: string, givens: Givens): Answers {
    const answers = this.module.ask(kind, givens);
    if (answers.error !== undefined) {
      throw new RuleRefusal(answers.error);
    }
    return answers;
  }

  price(terms: Terms, month: MonthText, paid: DayText): Price {
    const answers = this.ask('price', { ...termGivens(terms), month, paid });
    const parts: Price['parts'] = {};
    for (const programme of terms.programmes) {
      parts[programme] = numberOf(answers, programme);
    }
    return {
      total: numberOf(answers, 'total'),
      full: numberOf(answers, 'full'),
      parts,
      hasRelief: answers.relief !== 'none',
    };
  }

  bill(terms: Terms, months: number, paid: DayText): Bill {
    const answers = this.ask('bill', { ...termGivens(terms), months, paid });
    const rows: Bill['months'] = [];
    for (const key of Object.keys(answers)) {
      if (/^\d{4}-\d{2}\.total$/.test(key)) {
        rows.push({ month: key.slice(0, 7), total: numberOf(answers, key) });
      }
    }
    return { first: answers.first ?? '', last: answers.last ?? '', total: numberOf(answers, 'total'), months: rows };
  }

  brackets(month: MonthText): Bracket[] {
    const answers = this.ask('brackets', { month });
    return Array.from({ length: numberOf(answers, 'count') }, (_, index) => ({
      number: index + 1,
      from: numberOf(answers, `${index + 1}.from`),
      base: numberOf(answers, `${index + 1}.base`),
      mark: markOf(answers, `${index + 1}.mark`),
    }));
  }

  reliefs(sector: string, month: MonthText, paid: DayText): Relief[] {
    const answers = this.ask('reliefs', { sector, month, paid });
    return Array.from({ length: numberOf(answers, 'count') }, (_, index) => {
      const last = answers[`${index + 1}.last`];
      return {
        id: answers[`${index + 1}.id`] ?? '',
        paysPpm: numberOf(answers, `${index + 1}.pays-ppm`),
        last: last === undefined || last === 'none' ? null : last,
        mark: markOf(answers, `${index + 1}.mark`),
      };
    });
  }

  sectorOf(trade: string): string {
    return this.ask('trade', { trade }).sector ?? '';
  }

  benefits(income: number, on: DayText): Benefits {
    const answers = this.ask('benefits', { income, on });
    const byId: Benefits['byId'] = {};
    for (const key of Object.keys(answers)) {
      if (key.endsWith('.kind')) {
        const id = key.slice(0, -'.kind'.length);
        byId[id] = benefitOf(answers, id);
      }
    }
    return { base: numberOf(answers, 'base'), byId, scholarship: scholarshipOf(answers) };
  }

  savings(terms: Terms, month: MonthText, paid: DayText, years: number): Savings {
    const answers = this.ask('savings', { ...termGivens(terms), month, paid, years });
    const end = (name: 'low' | 'high') => ({
      ppm: numberOf(answers, `${name}-ppm`),
      year: numberOf(answers, `${name}-year`),
      mark: markOf(answers, `${name}-mark`),
    });
    return {
      monthly: numberOf(answers, 'monthly'),
      low: end('low'),
      high: end('high'),
      years: Array.from({ length: years }, (_, index) => ({
        paid: numberOf(answers, `${index + 1}.paid`),
        low: numberOf(answers, `${index + 1}.low`),
        high: numberOf(answers, `${index + 1}.high`),
      })),
    };
  }

  /** The rule id of what is wrong with a NIK; nothing when it is well formed. */
  nikProblem(nik: string): string | undefined {
    return this.module.ask('nik', { nik, fake: 'yes' }).error;
  }
}

function termGivens(terms: Terms): Givens {
  return { income: terms.income, programmes: terms.programmes.join(','), sector: terms.sector };
}

/** A figure the answer must have; its absence is a bug, not a zero. */
function numberOf(answers: Answers, key: string): number {
  const number = Number(answers[key]);
  if (answers[key] === undefined || !Number.isFinite(number)) {
    throw new Error(`the rules gave no ${key}`);
  }
  return number;
}

function markOf(answers: Answers, key: string): MarkCode {
  return (answers[key] ?? 'M') as MarkCode;
}

function benefitOf(answers: Answers, id: string): Benefit {
  const find = (name: string) => {
    const text = answers[`${id}.${name}`];
    return text === undefined || text === 'none' ? undefined : Number(text);
  };
  return {
    kind: answers[`${id}.kind`] ?? '',
    amount: find('amount'),
    cap: find('cap'),
    monthFrom: find('month-from'),
    monthTo: find('month-to'),
    needsMonths: find('needs-months'),
    mark: markOf(answers, `${id}.mark`),
  };
}

function scholarshipOf(answers: Answers): Benefits['scholarship'] {
  if (answers['scholarship.total'] === undefined) {
    return undefined;
  }
  return {
    total: numberOf(answers, 'scholarship.total'),
    perChild: numberOf(answers, 'scholarship.per-child'),
    children: numberOf(answers, 'scholarship.children'),
    needsMonths: numberOf(answers, 'scholarship.needs-months'),
    mark: markOf(answers, 'scholarship.mark'),
  };
}

let opened: Promise<Rules> | undefined;

/** The rules, fetched once when first asked for; after a failure the next call tries again. */
export function openRules(): Promise<Rules> {
  opened ??= fetchRules().catch((error: unknown) => {
    opened = undefined;
    throw error;
  });
  return opened;
}

async function fetchRules(): Promise<Rules> {
  const [wasm, scheme] = await Promise.all([fetch(wasmUrl), fetch('/app/scheme.txt')]);
  if (!wasm.ok || !scheme.ok) {
    throw new Error(`the rules could not be fetched: ${wasm.status} ${scheme.status}`);
  }
  const module = await WebAssembly.compile(await wasm.arrayBuffer());
  return new Rules(await RulesModule.open(module, await scheme.text()));
}
