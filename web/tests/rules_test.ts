// @vitest-environment node
// The rules in the page against the native program, question by question.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { Rules, RuleRefusal } from '../src/lib/rules';
import { questionText, RulesModule, type Answers, type Givens } from '../src/lib/rules_module';
import { TRADES } from '../src/lib/trades';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = (name: string) => `${root}/build/release/tests/rules/${name}`;
const ROUNDS = 8_000;

/** The same numbers on every machine (mulberry32). */
class Random {
  constructor(private state: number) {}
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }
  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)] as T;
  }
  two(least: number, most: number): string {
    return String(least + this.below(most - least + 1)).padStart(2, '0');
  }
  month(): string {
    return `${2016 + this.below(14)}-${this.two(1, 12)}`;
  }
  day(): string {
    return `${this.month()}-${this.two(1, 29)}`;
  }
}

const KINDS = ['price', 'bracket', 'bill', 'purchase', 'restore', 'cover', 'nik', 'phone', 'brackets', 'reliefs', 'benefits', 'savings', 'trade'];
const SECTORS = ['transport', 'farming', 'fisheries', 'trade', 'building', 'crafts', 'household', 'other', 'nowhere'];

function ask(random: Random): [string, Givens] {
  const first = random.month();
  return [
    random.pick(KINDS),
    {
      income: random.below(3) === 0 ? random.below(2_000_000) : random.below(30_000_000),
      programmes: random.pick(['JKK,JKM', 'JKK,JKM,JHT', 'JKK']),
      sector: random.pick(SECTORS),
      payer: random.pick(['self', 'self', 'government']),
      month: random.month(),
      paid: random.day(),
      on: random.day(),
      birth: `${1950 + random.below(60)}-${random.two(1, 12)}-${random.two(1, 28)}`,
      months: random.below(15),
      years: random.below(63),
      money: random.below(3_000_000),
      'months-paid': `${first}..${first.slice(0, 5)}12`,
      membership: [`1 JKK,JKM ${first}..${first.slice(0, 5)}12`, `2 JKK,JKM,JHT unpaid`],
      nik: String(random.below(1e8)).padStart(8, '3') + String(random.below(1e8)).padStart(8, '0'),
      phone: `0${random.below(1e11)}`,
      trade: random.pick(['rice-farmer', 'fisher', 'astronaut']),
    },
  ];
}

let module: RulesModule;
let rules: Rules;
let schemeFile: string;

beforeAll(async () => {
  schemeFile = `${root}/build/web_scheme.txt`;
  const text = readFileSync(schemeFile, 'utf8');
  const wasm = await WebAssembly.compile(readFileSync(`${root}/build/wasm/jaring_rules.wasm`));
  module = await RulesModule.open(wasm, text);
  rules = new Rules(module);
});

describe('rules in the page', () => {
  it('answer as the native program does', () => {
    expect(existsSync(tool('question_tool'))).toBe(true);
    const random = new Random(20260315);
    const questions = Array.from({ length: ROUNDS }, () => ask(random));
    const input = questions.map(([kind, givens]) => `${questionText(kind, givens)}\n`).join('');
    const output = execFileSync(tool('question_tool'), [schemeFile], { input, encoding: 'utf8', maxBuffer: 1 << 28 });
    const native = output.trimEnd().split('\n').map((line) => JSON.parse(line) as Answers);
    expect(native).toHaveLength(ROUNDS);
    let refused = 0;
    questions.forEach(([kind, givens], index) => {
      expect(module.ask(kind, givens), questionText(kind, givens)).toEqual(native[index]);
      refused += native[index]?.error === undefined ? 0 : 1;
    });
    // Both kinds of answer came up, or the comparison would say little.
    expect(refused).toBeGreaterThan(ROUNDS / 20);
    expect(refused).toBeLessThan(ROUNDS / 2);
  });

  it('cannot be given more than was meant', () => {
    const terms = { income: 1_000_000, programmes: ['JKK', 'JKM'] as const, sector: 'trade\npayer government' };
    expect(() => rules.price(terms, '2026-03', '2026-03-10')).toThrow(RuleRefusal);
  });

  it('know every trade that people pick from', () => {
    for (const trade of TRADES) {
      expect(rules.sectorOf(trade.code), trade.code).not.toBe('');
    }
  });

  it('refuse a scheme they cannot read', async () => {
    const wasm = await WebAssembly.compile(readFileSync(`${root}/build/wasm/jaring_rules.wasm`));
    await expect(RulesModule.open(wasm, 'nonsense')).rejects.toThrow();
  });

  it('give the typed answers the pages show', () => {
    const on = '2026-03-15';
    const terms = { income: 1_000_000, programmes: ['JKK', 'JKM', 'JHT'] as const, sector: 'transport' };
    const price = rules.price(terms, '2026-03', on);
    expect(price.hasRelief).toBe(true);
    expect(Object.values(price.parts).reduce((sum, part) => sum + part, 0)).toBe(price.total);
    const bill = rules.bill(terms, 3, on);
    expect(bill.months.map((row) => row.month)).toEqual(['2026-03', '2026-04', '2026-05']);
    expect(bill.months.reduce((sum, row) => sum + row.total, 0)).toBe(bill.total);
    expect(rules.reliefs('transport', '2026-03', on)[0]?.last).toBe('2027-03');
    const brackets = rules.brackets('2026-03');
    expect(brackets.length).toBeGreaterThan(1);
    expect(rules.benefits(0, on).byId['jkm-funeral']?.amount).toBeGreaterThan(0);
    const savings = rules.savings(terms, '2027-01', on, 10);
    savings.years.forEach((year) => expect(year.low).toBeGreaterThanOrEqual(year.paid));
    expect(savings.years[9]?.high).toBeGreaterThan(savings.years[9]?.low ?? 0);
    expect(rules.nikProblem('3372015708850000')).toBeUndefined();
    expect(rules.nikProblem('3372019908850000')).toBeDefined();
  });
});
