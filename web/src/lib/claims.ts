// Claims as whoever reported them sees them: whose turn it is, what is missing, what will be paid.
// The amounts, the days and what is needed are the server's.
import { ask, type Failure, type Outcome, type Schemas } from './api';
import { language, t } from './texts.svelte';

export type Claim = Schemas['ClaimSummary'];
export type ClaimDetail = Schemas['ClaimDetail'];
export type ClaimState = Schemas['ClaimState'];
export type PaperNeed = ClaimDetail['papers_needed'][number];

export const KIND_ICONS: Record<Claim['kind'], string> = { accident: 'i-hospital', death: 'i-flower', savings: 'i-coins', scholarship: 'i-school', incapacity: 'i-bed' };
export const KIND_TONES: Record<Claim['kind'], 'jkk' | 'jkm' | 'jht'> = { accident: 'jkk', death: 'jkm', savings: 'jht', scholarship: 'jkm', incapacity: 'jkk' };

export type Turn = 'you' | 'office' | 'bank' | 'nobody';

export interface Standing {
  /** Where it is, in words of ours: the state, or what of it matters to her. */
  word: 'draft' | 'lacking' | 'checking' | 'deciding' | 'second' | 'approved' | 'paying' | 'paid' | 'refused' | 'returned' | 'mended' | 'withdrawn';
  turn: Turn;
  /** How it looks: good, waiting, or something to do. */
  tone: 'good' | 'info' | 'warn' | 'bad';
}

const STANDINGS: Record<Exclude<ClaimState, 'reported' | 'returned'>, Standing> = {
  draft: { word: 'draft', turn: 'you', tone: 'warn' },
  complete: { word: 'deciding', turn: 'office', tone: 'info' },
  proposed: { word: 'second', turn: 'office', tone: 'info' },
  approved: { word: 'approved', turn: 'office', tone: 'good' },
  refused: { word: 'refused', turn: 'you', tone: 'bad' },
  paying: { word: 'paying', turn: 'bank', tone: 'good' },
  paid: { word: 'paid', turn: 'nobody', tone: 'good' },
  withdrawn: { word: 'withdrawn', turn: 'nobody', tone: 'info' },
};

/** Where a claim stands; `detail` tells more where the state alone does not. */
export function standingOf(claim: Pick<Claim, 'state'>, detail?: ClaimDetail): Standing {
  if (claim.state === 'reported') {
    return detail && lacks(detail).length > 0
      ? { word: 'lacking', turn: 'you', tone: 'warn' }
      : { word: 'checking', turn: 'office', tone: 'info' };
  }
  if (claim.state === 'returned') {
    return detail?.steps.at(-1)?.reason_code === 'payees_changed'
      ? { word: 'mended', turn: 'office', tone: 'info' }
      : { word: 'returned', turn: 'you', tone: 'bad' };
  }
  return STANDINGS[claim.state];
}

/** A shape and a colour say the same as the words. */
export interface StandingWords {
  words: string;
  text: string;
  tone: Standing['tone'];
  icon: string;
}

const TURN_ICONS: Record<Turn, string> = { you: 'i-person', office: 'i-clock', bank: 'i-coins', nobody: 'i-check' };

export function standingWords({ word, turn, tone }: Standing): StandingWords {
  return { words: t(`state.${word}`), text: t(`turn.${turn}`), tone, icon: TURN_ICONS[turn] };
}

/** States in which the list alone does not say whose turn it is. */
export function needsDetail(claim: Claim): boolean {
  return claim.state === 'reported' || claim.state === 'returned';
}

/** What opens by itself, as a part of another claim: only its papers are brought. */
export function isInstalment(claim: Claim): boolean {
  return claim.kind === 'scholarship' || claim.kind === 'incapacity';
}

/** While nothing is decided, what was told may change. */
export function isOpen(claim: Pick<Claim, 'state'>): boolean {
  return ['draft', 'reported', 'complete', 'proposed'].includes(claim.state);
}

/** What will be paid or was, once that is certain: a proposal may still fall. */
export function decidedNet(claim: Claim): number {
  return ['approved', 'paying', 'paid', 'returned'].includes(claim.state) ? claim.net : 0;
}

export function papersLacking(detail: Pick<ClaimDetail, 'papers_needed'>): PaperNeed[] {
  return detail.papers_needed.filter((paper) => !paper.brought);
}

export type Lack = 'papers' | 'outcome' | 'payee' | 'heirs';

/** What is missing, each kind once; what we do not know of yet is left to the office. */
export function lacks(detail: ClaimDetail): Lack[] {
  const rules = detail.findings.filter((one) => one.kind === 'missing').map((one) => one.rule.replace('check.', ''));
  return (['papers', 'outcome', 'payee', 'heirs'] as const).filter((one) => rules.includes(one));
}

const OBSTACLES = ['covered', 'too_late', 'same_event', 'died_before', 'heir_order'] as const;
const NO_AMOUNT = ['too_young', 'wait_not_over', 'left_on_missing', 'too_few_months', 'part_taken_before', 'empty'] as const;

/** What stands in the way, in words of the page; the server's where the page has none. */
export function obstacles(detail: ClaimDetail): string[] {
  return [...new Set(detail.findings.filter((one) => one.kind === 'obstacle').map(obstacleWords))];
}

function obstacleWords({ rule, detail, words }: ClaimDetail['findings'][number]): string {
  if (rule === 'check.amount') {
    const why = NO_AMOUNT.find((known) => detail === `savings.${known}`);
    return why ? t(`claim.none_${why}`) : t('claim.none_other');
  }
  if (detail === 'arrears_open') {
    return t('claim.block_arrears');
  }
  const known = OBSTACLES.find((one) => rule === `check.${one}`);
  return known ? t(`claim.block_${known}`) : words;
}

/** The way of a claim in four steps, and how far it has come; a claim that is over is no way. */
export const WAY = ['reported', 'complete', 'approved', 'paid'] as const;
export function stepsDone(claim: Claim): number {
  const done: Partial<Record<ClaimState, number>> = { reported: 1, complete: 2, proposed: 2, approved: 3, paying: 3, returned: 3, paid: 4 };
  return done[claim.state] ?? 0;
}

/** When a step was taken last, of those that count. */
export function stepMoment(detail: ClaimDetail, state: ClaimState): string | undefined {
  return detail.steps.filter((one) => one.state === state).at(-1)?.at;
}

const REFUSALS = ['not_covered', 'not_work_related', 'papers_not_genuine', 'too_late', 'not_entitled', 'claimed_already'] as const;

/** Why it was refused: a word of the page, and what the officer wrote. */
export function refusalOf(detail: ClaimDetail): { words: string; note: string } {
  const step = detail.steps.filter((one) => one.state === 'refused').at(-1);
  const known = REFUSALS.find((one) => one === step?.reason_code);
  return { words: t(known ? `claim.refused_${known}` : 'claim.refused_other'), note: step?.note ?? '' };
}

/** Words of the scheme, which has them in two languages, and in which of the two they are. */
export function schemeWords(words: Schemas['ClaimWords']): { text: string; lang: 'id' | 'en' } {
  const lang = language() === 'en' ? 'en' : 'id';
  return { text: words[lang], lang };
}

/** Of a claim before it is decided: what it would come to now. */
export function netNow(detail: ClaimDetail): number {
  return detail.lines.reduce((sum, line) => sum + line.amount, 0);
}

export function fetchClaims(person: number): Promise<Outcome<Schemas['ClaimList']>> {
  return ask('get', '/v1/people/{person_id}/claims', { at: { person_id: person } });
}

export function fetchClaim(number: string): Promise<Outcome<ClaimDetail>> {
  return ask('get', '/v1/claims/{claim_number}', { at: { claim_number: number } });
}

/** Her claim at a place of her list, from one on: the address says no number of anybody's. */
export async function fetchClaimAt(person: number, place: number): Promise<ClaimDetail | Failure | undefined> {
  const list = await fetchClaims(person);
  if (list.kind !== 'done') {
    return list;
  }
  const claim = list.value.claims[place - 1];
  if (claim === undefined) {
    return undefined;
  }
  const outcome = await fetchClaim(claim.claim_number);
  return outcome.kind === 'done' ? outcome.value : outcome;
}
