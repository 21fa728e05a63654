// A report of a claim as it is asked, one question a page: which questions there are, what is wrong
// with an answer, and what of it all goes to the server.
import type { Schemas } from './api';
import type { ClaimDetail } from './claims';
import type { DayText } from './figures';
import { t } from './texts.svelte';
import { dayOf, withDay } from './typed_day';

/** What somebody reports; instalments open by themselves. */
export type Kind = Exclude<Schemas['ClaimKind'], 'scholarship' | 'incapacity'>;
export type Facts = Schemas['ClaimFacts'];
export type Payee = Schemas['ClaimPayee'];
export type Relation = Schemas['ClaimRelation'];
export type Reason = NonNullable<Facts['reason']>;

/** Everything as typed: a draft keeps words only. */
export type Answers = Record<string, string>;
export interface Problem {
  field: string;
  words: string;
}

export const KINDS: readonly Kind[] = ['accident', 'death', 'savings'];
export const RELATIONS: readonly Relation[] = [
  'spouse', 'child', 'parent', 'grandparent', 'grandchild', 'sibling', 'parent_in_law', 'named_in_will',
];
export const REASONS: readonly Reason[] = [
  'age', 'stopped_working', 'left_employer', 'left_country', 'total_disability', 'housing', 'other', 'death',
];
export const CAUSES = ['work', 'other'] as const;
export const WAYS = ['work', 'road', 'errand'] as const;
export const AMOUNTS = ['most', 'less'] as const;
export const RIDES = ['land', 'sea', 'air'] as const;
/** Answers about how it went after an accident; lasting harm is for a doctor to find. */
export const AFTERS = ['in_treatment', 'recovered', 'lasting'] as const;
export const MOST_PAYEES = 5;
const WHOLE_PPM = 1_000_000;
const PERCENT_PPM = 10_000;
const LASTING: readonly string[] = ['partial_disability', 'total_disability'];
const RIDE = /^jkk-transport-(land|sea|air)$/;

export type Step = 'jenis' | 'hari' | 'sebab' | 'tempat' | 'cerita' | 'rawat' | 'ongkos' | 'alasan' | 'keluar' | 'jumlah' | 'waris' | 'bayar' | 'periksa';

export function isOfDeath(answers: Answers): boolean {
  return answers.kind === 'death' || answers.reason === 'death';
}

export function isPart(answers: Answers): boolean {
  return answers.reason === 'housing' || answers.reason === 'other';
}

/** What was told already is changed: it stays of its kind, and what happened is only added to. */
const FIXED: readonly Step[] = ['jenis', 'sebab', 'tempat'];

export function stepsOf(answers: Answers): Step[] {
  const all = allSteps(answers);
  return answers.change ? all.filter((step) => !FIXED.includes(step)) : all;
}

function allSteps(answers: Answers): Step[] {
  if (answers.kind === 'savings') {
    const more: Step[] = [
      ...(answers.reason === 'left_employer' ? (['keluar'] as const) : []),
      ...(isPart(answers) ? (['jumlah'] as const) : []),
      ...(answers.reason === 'death' ? (['waris'] as const) : []),
    ];
    return ['jenis', 'alasan', ...more, 'bayar', 'periksa'];
  }
  return answers.kind === 'death'
    ? ['jenis', 'hari', 'sebab', 'cerita', 'waris', 'bayar', 'periksa']
    : ['jenis', 'hari', 'tempat', 'cerita', 'rawat', 'ongkos', 'bayar', 'periksa'];
}

export interface PayeeTyped {
  name: string;
  relation: string;
  institution: string;
  account: string;
  percent: string;
}

export function newPayee(name = ''): PayeeTyped {
  return { name, relation: '', institution: '', account: '', percent: '' };
}

export function payeesTyped(answers: Answers): PayeeTyped[] {
  return JSON.parse(answers.payees || '[]') as PayeeTyped[];
}

function numberOf(text: string | undefined): number {
  const digits = (text ?? '').replace(/\D/g, '');
  return digits === '' ? 0 : Number(digits);
}

/** One gets all; several must say how much, all of it together. */
export function sharesOf(payees: readonly PayeeTyped[]): number[] {
  return payees.length === 1 ? [WHOLE_PPM] : payees.map((one) => Math.round(Number(one.percent.replace(',', '.')) * PERCENT_PPM));
}

function payeeProblems(payees: readonly PayeeTyped[], ofDeath: boolean): Problem[] {
  const wrong: Problem[] = [];
  const need = (isThere: boolean, field: string, words: string) => isThere || wrong.push({ field, words });
  payees.forEach((payee, at) => {
    need(!ofDeath || payee.relation !== '', `payee-relation-${at}`, t('tell.wrong_relation'));
    need(payee.name.trim() !== '', `payee-name-${at}`, t('tell.wrong_name'));
    need(/^[A-Z0-9]{2,11}$/.test(payee.institution), `payee-bank-${at}`, t('tell.wrong_bank'));
    need(/^[A-Z0-9]{5,34}$/.test(accountOf(payee)), `payee-account-${at}`, t('tell.wrong_account'));
  });
  const shares = sharesOf(payees);
  const isWhole = shares.every((share) => share > 0) && shares.reduce((sum, share) => sum + share, 0) === WHOLE_PPM;
  need(payees.length < 2 || isWhole, 'payee-share-0', t('tell.wrong_shares'));
  return wrong;
}

function accountOf(payee: PayeeTyped): string {
  return payee.account.replace(/[\s.-]/g, '').toUpperCase();
}

function dayProblem(answers: Answers, name: string, today: DayText): Problem[] {
  const day = dayOf(answers, name);
  const words = day === undefined ? t('tell.wrong_day') : day > today ? t('tell.wrong_future') : undefined;
  return words === undefined ? [] : [{ field: `${name}-day`, words }];
}

/** What is wrong with the answer of one page; the server checks in any case. */
export function problemsOf(step: Step, answers: Answers, today: DayText): Problem[] {
  const need = (name: string, words: string): Problem[] => (answers[name] ? [] : [{ field: name, words }]);
  switch (step) {
    case 'jenis':
      return need('kind', t('tell.wrong_choice'));
    case 'hari':
      return dayProblem(answers, 'on', today);
    case 'sebab':
      return need('cause', t('tell.wrong_choice'));
    case 'tempat':
      return [...need('way', t('tell.wrong_choice')), ...need('place', t('tell.wrong_place'))];
    case 'cerita':
      return answers.change ? [] : need('story', t('tell.wrong_story'));
    case 'rawat':
      return need('after', t('tell.wrong_choice'));
    case 'alasan':
      return need('reason', t('tell.wrong_choice'));
    case 'keluar':
      return dayProblem(answers, 'left', today);
    case 'jumlah':
      return answers.much === 'less' && numberOf(answers.asked) === 0
        ? [{ field: 'asked', words: t('tell.wrong_sum') }]
        : need('much', t('tell.wrong_choice'));
    case 'waris':
      return need('heirs', t('tell.wrong_heirs'));
    case 'bayar':
      return answers.pay === 'later' ? [] : answers.pay === 'now' ? payeeProblems(payeesTyped(answers), isOfDeath(answers)) : need('pay', t('tell.wrong_choice'));
    case 'ongkos':
      return numberOf(answers.cost) > 0 ? need('ride', t('tell.wrong_ride')) : [];
    case 'periksa':
      return [];
  }
}

/** The first page whose answer is missing or wrong; the last when all is well. */
export function firstOpen(answers: Answers, today: DayText): Step {
  return stepsOf(answers).find((step) => problemsOf(step, answers, today).length > 0) ?? 'periksa';
}

function accidentFacts(answers: Answers, before: Facts | undefined): Partial<Facts> {
  const isLastingBefore = LASTING.includes(before?.outcome ?? '');
  const outcome = answers.after === 'recovered' ? 'recovered' : answers.after === 'lasting' && isLastingBefore ? before?.outcome : 'in_treatment';
  const rest = (before?.spent ?? []).filter((one) => !RIDE.test(one.benefit));
  const cost = numberOf(answers.cost);
  return {
    outcome: answers.kind === 'death' ? 'died' : outcome,
    ...(outcome === before?.outcome
      ? { disabilities: before?.disabilities, doctor: before?.doctor, established_on: before?.established_on }
      : { disabilities: [] }),
    spent: cost > 0 ? [...rest, { benefit: `jkk-transport-${answers.ride}`, rupiah: cost, price: null }] : rest,
    months_unable: numberOf(answers.months),
    days_unable: numberOf(answers.days),
  };
}

/** What the server is told; `before`: what it was told already, of which the page asks not everything. */
export function factsOf(answers: Answers, today: DayText, before?: Facts): Facts {
  const heirs = (answers.heirs ?? '').split(',').filter((one) => one !== '') as Relation[];
  if (answers.kind === 'savings') {
    const asked = isPart(answers) && answers.much === 'less' ? numberOf(answers.asked) : null;
    return {
      kind: 'savings',
      on: before?.on ?? today,
      reason: answers.reason as Reason,
      left_on: answers.reason === 'left_employer' ? (dayOf(answers, 'left') ?? null) : null,
      asked,
      heirs: answers.reason === 'death' ? heirs : [],
    };
  }
  const ofWork = answers.kind === 'accident' || answers.cause === 'work';
  const base = { on: dayOf(answers, 'on') ?? today, children: numberOf(answers.children), pupils: before?.pupils, heirs };
  return ofWork ? { kind: 'accident', ...base, ...accidentFacts(answers, before) } : { kind: 'death', ...base };
}

export function payeesOf(answers: Answers): Payee[] {
  if (answers.pay !== 'now') {
    return [];
  }
  const typed = payeesTyped(answers);
  const shares = sharesOf(typed);
  return typed.map((one, at) => ({
    name: one.name.trim(),
    relation: isOfDeath(answers) ? (one.relation as Relation) : null,
    institution: one.institution,
    account: accountOf(one),
    share_ppm: shares[at],
  }));
}

/** An answer among those a question offers. */
export function pickOf<V extends string>(offers: readonly V[], answer: string | undefined): V | undefined {
  return offers.find((one) => one === answer);
}

/** What has no field of its own, in her words and those of the page. */
export function noteOf(answers: Answers): string {
  const way = answers.kind === 'accident' ? pickOf(WAYS, answers.way) : undefined;
  const lines = [
    way ? t(`tell.way_${way}`) : '',
    answers.place ?? '',
    answers.story ?? '',
    answers.kind === 'accident' && answers.after === 'lasting' ? t('tell.after_lasting') : '',
  ];
  return lines.map((one) => one.trim()).filter((one) => one !== '').join('\n');
}

/** What was told, as answers that may be changed. */
export function answersOf({ facts, payees }: ClaimDetail): Answers {
  const died = facts.outcome === 'died';
  const ride = facts.spent?.find((one) => RIDE.test(one.benefit));
  return {
    change: 'yes',
    kind: died ? 'death' : facts.kind,
    ...withDay('on', facts.on),
    cause: died ? 'work' : 'other',
    after: facts.outcome === 'recovered' ? 'recovered' : LASTING.includes(facts.outcome ?? '') ? 'lasting' : 'in_treatment',
    months: facts.months_unable ? String(facts.months_unable) : '',
    days: facts.days_unable ? String(facts.days_unable) : '',
    cost: ride ? String(ride.rupiah) : '',
    ride: ride ? (RIDE.exec(ride.benefit)?.[1] ?? '') : '',
    children: facts.children ? String(facts.children) : '',
    heirs: (facts.heirs ?? []).join(','),
    reason: facts.reason ?? '',
    ...(facts.left_on ? withDay('left', facts.left_on) : {}),
    much: facts.asked ? 'less' : 'most',
    asked: facts.asked ? String(facts.asked) : '',
    pay: payees.length > 0 ? 'now' : 'later',
    payees: JSON.stringify(payees.map(typedOf)),
  };
}

export function typedOf(payee: Payee): PayeeTyped {
  return {
    name: payee.name,
    relation: payee.relation ?? '',
    institution: payee.institution,
    account: payee.account,
    percent: String((payee.share_ppm ?? WHOLE_PPM) / PERCENT_PPM),
  };
}
