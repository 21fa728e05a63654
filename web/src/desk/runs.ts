// Payment runs: who may do what with them, how far the bank is with one, and its file.
import { outcomeOf, type Outcome, type Schemas } from '../lib/api';
import { language } from '../lib/texts.svelte';
import type { Account } from './desk.svelte';

export type Run = Schemas['PayoutRun'];
export type RunDetail = Schemas['PayoutRunDetail'];
export type RunPayout = RunDetail['list'][number];
export type BankTaken = Schemas['PayoutStatuses'];
/** The bank's work, in its order. */
export const PAYOUT_STATES: readonly RunPayout['state'][] = ['waiting', 'in_run', 'sent', 'paid', 'failed'];
export const PAYOUT_TONES: Record<RunPayout['state'], string> = { waiting: 'never', in_run: 'info', sent: 'warn', paid: 'good', failed: 'bad' };
export const RUN_TONES: Record<Run['state'], string> = { made: 'warn', released: 'info', cancelled: 'ended' };

const PATIENCE_MS = 180_000;

/** Runs pay claims of all branches: they are for who works for the whole agency. */
export function maySeeRuns({ kind, role, scope }: Account): boolean {
  return kind === 'staff-user' && scope.kind === 'nation' && ['claims-officer', 'approver', 'auditor'].includes(role);
}
export const mayMakeRuns = (account: Account) => maySeeRuns(account) && account.role === 'claims-officer';
export const mayReleaseRuns = (account: Account) => maySeeRuns(account) && account.role === 'approver';

/** A released run is handed to the bank as a whole: what still lies in it says that it was not yet. */
export type Stage = 'made' | 'cancelled' | 'released' | 'sent' | 'answered';

export function stageOf({ state, list, payouts }: RunDetail): Stage {
  if (state !== 'released') {
    return state;
  }
  if (list.some((payout) => payout.state === 'in_run')) {
    return 'released';
  }
  const isAnswered = list.length === payouts && list.every((payout) => payout.state === 'paid' || payout.state === 'failed');
  return isAnswered ? 'answered' : 'sent';
}

export type RunStep = 'release' | 'cancellation' | 'sending';

export function stepsOf(account: Account, stage: Stage): RunStep[] {
  if (stage === 'made') {
    return mayMakeRuns(account) ? ['cancellation'] : mayReleaseRuns(account) ? ['release'] : [];
  }
  return stage === 'released' && mayMakeRuns(account) ? ['sending'] : [];
}

export const fileNameOf = (runId: number) => `run-${runId}.xml`;

/** Not by a plain link: what stands in its way is told in words. */
export async function fetchRunFile(runId: number): Promise<Outcome<Blob>> {
  try {
    const answer = await fetch(`/v1/payout_runs/${runId}/file`, {
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { 'Accept-Language': language() },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return answer.ok ? { kind: 'done', value: await answer.blob(), version: '' } : await outcomeOf<Blob>(answer);
  } catch {
    return { kind: 'offline' };
  }
}
