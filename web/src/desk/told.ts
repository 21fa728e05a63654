// What is told of a claim, as an officer types it, and what of it goes to the server.
import type { DayText } from '../lib/figures';
import { typedOf, type Answers, type Facts, type PayeeTyped, type Reason, type Relation } from '../lib/report';
import { dayOf, withDay } from '../lib/typed_day';
import type { Claim } from './desk.svelte';

export const OUTCOMES = ['in_treatment', 'recovered', 'partial_disability', 'total_disability', 'died'] as const;
type Outcome = (typeof OUTCOMES)[number];

export interface Told {
  days: Answers;
  outcome: Outcome;
  months: string;
  daysUnable: string;
  spent: { benefit: string; rupiah: string; price: string }[];
  disabilities: { code: string; loss: string; assessed: string }[];
  doctor: string;
  children: string;
  pupils: { birth: string; level: string }[];
  heirs: Relation[];
  reason: Reason;
  asked: string;
  payees: PayeeTyped[];
  note: string;
}

const PERCENT_PPM = 10_000;
const textOf = (number: number | null | undefined) => (number ? String(number) : '');
const percentOf = (ppm: number | null | undefined) => (ppm === null || ppm === undefined ? '' : String(ppm / PERCENT_PPM));
const numberOf = (text: string) => Number(text.replace(/\D/g, '') || '0');
const maybeNumber = (text: string) => (text.trim() === '' ? null : numberOf(text));
const ppmOf = (text: string) => (text.trim() === '' ? null : Math.round(Number(text.replace(',', '.')) * PERCENT_PPM));

export function toldOf({ facts, payees }: Pick<Claim, 'facts' | 'payees'>): Told {
  return {
    days: {
      ...withDay('on', facts.on),
      ...(facts.left_on ? withDay('left', facts.left_on) : {}),
      ...(facts.established_on ? withDay('found', facts.established_on) : {}),
    },
    outcome: facts.outcome ?? 'in_treatment',
    months: textOf(facts.months_unable),
    daysUnable: textOf(facts.days_unable),
    spent: (facts.spent ?? []).map((one) => ({ benefit: one.benefit, rupiah: String(one.rupiah), price: textOf(one.price) })),
    disabilities: (facts.disabilities ?? []).map((one) => ({ code: one.code, loss: percentOf(one.loss_ppm), assessed: percentOf(one.assessed_ppm) })),
    doctor: facts.doctor ?? '',
    children: textOf(facts.children),
    pupils: (facts.pupils ?? []).map((one) => ({ ...one })),
    heirs: [...(facts.heirs ?? [])],
    reason: facts.reason ?? 'age',
    asked: textOf(facts.asked),
    payees: payees.map(typedOf),
    note: '',
  };
}

/** Whether others than the member are paid. */
export function isOfDead(kind: Facts['kind'], told: Told): boolean {
  return kind === 'death' || (kind === 'accident' && told.outcome === 'died') || (kind === 'savings' && told.reason === 'death');
}

/** Days that are typed and are none: a wrong day must not become no day. */
export function wrongDays(kind: Facts['kind'], told: Told): ('on' | 'left' | 'found')[] {
  const names = kind === 'accident' ? (['on', 'found'] as const) : kind === 'savings' ? (['on', 'left'] as const) : (['on'] as const);
  const isTyped = (name: string) => ['Day', 'Month', 'Year'].some((part) => (told.days[name + part] ?? '').trim() !== '');
  return names.filter((name) => (name === 'on' || isTyped(name)) && dayOf(told.days, name) === undefined);
}

/** `before`: what is not asked of this kind stays as it was. */
export function factsFrom(told: Told, before: Facts): Facts {
  const on: DayText = dayOf(told.days, 'on') ?? before.on;
  if (before.kind === 'savings') {
    return { ...before, on, reason: told.reason, left_on: dayOf(told.days, 'left') ?? null, asked: maybeNumber(told.asked), heirs: isOfDead('savings', told) ? told.heirs : [] };
  }
  const family = { children: numberOf(told.children), pupils: told.pupils, heirs: isOfDead(before.kind, told) ? told.heirs : [] };
  if (before.kind !== 'accident') {
    return { ...before, on, ...family };
  }
  return {
    ...before,
    on,
    ...family,
    outcome: told.outcome,
    months_unable: numberOf(told.months),
    days_unable: numberOf(told.daysUnable),
    spent: told.spent.map((one) => ({ benefit: one.benefit, rupiah: numberOf(one.rupiah), price: maybeNumber(one.price) })),
    disabilities: told.disabilities.map((one) => ({ code: one.code, loss_ppm: ppmOf(one.loss), assessed_ppm: ppmOf(one.assessed) })),
    doctor: told.doctor.trim(),
    established_on: dayOf(told.days, 'found') ?? null,
  };
}
