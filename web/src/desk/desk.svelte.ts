// Who sits at the desk, and what the words of a claim are. Nothing of a claim is kept beyond its page.
import type { Failure, Schemas } from '../lib/api';
import { today } from '../lib/figures';
import { isKnown, language, t } from '../lib/texts.svelte';

export type Claim = Schemas['ClaimDetail'];
export type ClaimState = Schemas['ClaimState'];
export type Account = Schemas['Account'];

/** Those an officer works through, in the order of the work. */
export const STATES: readonly ClaimState[] = [
  'complete', 'proposed', 'reported', 'returned', 'approved', 'paying', 'paid', 'refused', 'withdrawn',
];
export const REFUSALS: readonly Schemas['ClaimRefusal']['reason_code'][] = [
  'not_covered', 'not_work_related', 'papers_not_genuine', 'too_late', 'not_entitled', 'claimed_already', 'other',
];

const DAY_MS = 86_400_000;

/** The list and the claim that were looked at last: the way back leads there. */
export const lastSeen = { list: '#/', claim: '' };

export function isState(text: string | null): text is ClaimState {
  return STATES.includes(text as ClaimState);
}

export const kindName = (kind: Schemas['ClaimKind']) => t(`desk.kind_${kind}`);
export const stateName = (state: ClaimState) => t(`desk.state_${state}`);

/** Words of the law are written in Indonesian and English. */
export function inWords(words: Schemas['ClaimWords']): string {
  return language() === 'en' ? words.en : words.id;
}

export interface Deadline {
  isLate: boolean;
  words: string;
}

/** The days the law leaves; nothing while its clock does not run. */
export function deadlineOf({ due_on, state }: { due_on: string | null; state: ClaimState }): Deadline | undefined {
  if (!due_on || ['paid', 'refused', 'withdrawn', 'draft'].includes(state)) {
    return undefined;
  }
  const days = Math.round((Date.parse(due_on) - Date.parse(today())) / DAY_MS);
  if (days < 0) {
    return { isLate: true, words: t('desk.late', { days: -days }) };
  }
  return { isLate: false, words: days === 0 ? t('desk.due_today') : t('desk.days_left', { days }) };
}

/** What went wrong, for people. */
export function troubleWords(failure: Failure): string {
  switch (failure.kind) {
    case 'login':
      return t('desk.login_text');
    case 'refused':
      return [failure.words, ...failure.fields.map((field) => field.words)].join(' ');
    case 'wait':
      return failure.words;
    case 'offline':
      return t('desk.offline');
  }
}

/** Who proposed the amount that waits for a second person. */
export function proposedBy(claim: Claim): Claim['steps'][number]['by'] | undefined {
  return claim.state === 'proposed' ? claim.steps.filter((step) => step.state === 'proposed').at(-1)?.by : undefined;
}

/** An id is all that other officers are told of a colleague. */
export function whoWords({ kind, id }: Claim['steps'][number]['by']): string {
  const key = `desk.by_${kind.replaceAll('-', '_')}`;
  return isKnown(key) ? t(key, { id }) : `${kind} ${id}`;
}

/** Why a claim is not approved together with others: it needs eyes of its own, or somebody else's. */
export function approvalBar(claim: Claim, account: Account): 'state' | 'mine' | 'obstacle' | 'question' | 'lacking' | 'no_amount' | undefined {
  const by = proposedBy(claim);
  const has = (kind: Claim['findings'][number]['kind']) => claim.findings.some((finding) => finding.kind === kind);
  if (claim.state !== 'complete' && claim.state !== 'proposed') {
    return 'state';
  }
  if (by?.kind === account.kind && by.id === account.id) {
    return 'mine';
  }
  if (has('missing')) {
    return 'lacking';
  }
  if (has('obstacle')) {
    return 'obstacle';
  }
  if (has('question')) {
    return 'question';
  }
  return claim.lines.length === 0 ? 'no_amount' : undefined;
}

/** Whom the desk is for. */
export const mayWork = ({ kind, role }: Account) => kind === 'staff-user' && ['claims-officer', 'approver', 'branch-staff', 'auditor'].includes(role);
/** Figures are of the whole agency; some read them who have no other work here. */
export const maySeeFigures = (account: Account) =>
  account.kind === 'staff-user' && account.scope.kind === 'nation' && (mayWork(account) || ['analyst', 'operator'].includes(account.role));
export const mayDecide = (account: Account) => ['claims-officer', 'approver'].includes(account.role);
export const mayTell = (account: Account) => ['claims-officer', 'branch-staff'].includes(account.role);
export const maySeePapers = (account: Account) => mayDecide(account) || account.role === 'branch-staff';
