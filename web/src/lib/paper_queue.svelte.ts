// Papers on their way: kept in the page until the server has them, tried again when the line is back,
// each under one key, so that none arrives twice. Gone when the page is closed or she leaves.
import { newKey } from './api';
import type { ClaimDetail } from './claims';
import type { ClaimNotice } from './notice_state';
import { own } from './own.svelte';
import { sendBytes } from './send_bytes';

/** Of who follows a claim by the code of what she told, and has not logged in. */
export const NOBODY = 0;

export interface Sending {
  readonly person: number;
  /** Its number; of nobody's the code. */
  readonly claim: string;
  readonly code: string;
  readonly bytes: Blob;
  readonly key: string;
  state: 'waiting' | 'sending' | 'cut' | 'refused';
  /** How much of it has left, 0 to 1. */
  part: number;
  /** Why it was refused, in the server's words. */
  words: string;
}

const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;
// Another try of the same is still under way at the server.
const RUNNING = 'idempotency_key.running';

const kept = $state<{ list: Sending[] }>({ list: [] });
let busy = false;
let wait = FIRST_WAIT_MS;
let timer: ReturnType<typeof setTimeout> | undefined;
type Answer = ClaimDetail | ClaimNotice;
let listener: ((answer: Answer) => void) | undefined;

export function sendingOf(claim: string, code: string): Sending | undefined {
  return kept.list.find((one) => one.claim === claim && one.code === code);
}

export function isSendingAny(): boolean {
  return kept.list.some((one) => one.state !== 'refused');
}

/** Who wants to know of a claim as it is after a paper arrived. Returns how to stop. */
export function onArrived(tell: (answer: Answer) => void): () => void {
  listener = tell;
  return () => {
    if (listener === tell) {
      listener = undefined;
    }
  };
}

export function sendPaper(person: number, claim: string, code: string, bytes: Blob): void {
  const there = sendingOf(claim, code);
  if (there && there.state !== 'refused') {
    return; // A second tap.
  }
  dropPaper(claim, code);
  kept.list.push({ person, claim, code, bytes, key: newKey(), state: 'waiting', part: 0, words: '' });
  void work();
}

export function dropPaper(claim: string, code: string): void {
  kept.list = kept.list.filter((one) => one.claim !== claim || one.code !== code);
}

/** Now, whatever the wait was. */
export function tryAgain(): void {
  clearTimeout(timer);
  wait = FIRST_WAIT_MS;
  void work();
}

/** One at a time, so that a slow line finishes at least the first. */
async function work(): Promise<void> {
  if (busy) {
    return;
  }
  busy = true;
  kept.list = kept.list.filter((one) => one.person === NOBODY || one.person === own()?.id);
  for (let next = findNext(); next; next = findNext()) {
    if (!(await sendOne(next))) {
      break;
    }
  }
  busy = false;
}

function findNext(): Sending | undefined {
  return kept.list.find((one) => one.state === 'waiting' || one.state === 'cut');
}

/** False when the line is cut: the rest waits too. */
async function sendOne(one: Sending): Promise<boolean> {
  one.state = 'sending';
  one.part = 0;
  const list = one.person === NOBODY ? 'claim_notices' : 'claims';
  const path = `/v1/${list}/${encodeURIComponent(one.claim)}/papers?code=${encodeURIComponent(one.code)}`;
  const outcome = await sendBytes<Answer>(path, one.bytes, one.key, (part) => (one.part = part));
  if (outcome.kind === 'done') {
    wait = FIRST_WAIT_MS;
    dropPaper(one.claim, one.code);
    listener?.(outcome.value);
    return true;
  }
  if (outcome.kind === 'login') {
    kept.list = [];
    return false;
  }
  if (outcome.kind === 'refused' && outcome.rule !== RUNNING) {
    one.state = 'refused';
    one.words = outcome.fields[0]?.words ?? outcome.words;
    return true;
  }
  one.state = 'cut';
  timer = setTimeout(() => void work(), outcome.kind === 'wait' ? outcome.seconds * 1_000 : wait);
  wait = Math.min(LONGEST_WAIT_MS, wait * 2);
  return false;
}

if (typeof window !== 'undefined') {
  addEventListener('online', tryAgain);
  // Whoever closes the page is asked first: what is on its way is nowhere else.
  addEventListener('beforeunload', (event) => {
    if (isSendingAny()) {
      event.preventDefault();
    }
  });
}
