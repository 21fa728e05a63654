// What the person who is logged in may know of herself: asked from the server each time, kept in
// the page only, gone when she leaves.
import { ask, type Failure, type Outcome, type Schemas } from './api';
import { dropAllDrafts } from './drafts';
import { hasEntered, noteEntered } from './entered.svelte';

export interface Own {
  id: number;
  person: Schemas['PersonRecord'];
  /** The version of the record, for who changes it. */
  version: string;
  membership: Schemas['Membership'];
  cover: Schemas['Coverage'];
}

const kept = $state<{ own?: Own; failure?: Failure; ended: boolean }>({ ended: false });
let asking: Promise<void> | undefined;

export function own(): Own | undefined {
  return kept.own;
}

/** Why there is nothing, or nothing newer. */
export function ownFailure(): Failure | undefined {
  return kept.failure;
}

/** The session is over although she did not leave. */
export function hasEnded(): boolean {
  return kept.ended;
}

function valueOf<T>(outcome: Outcome<T>): { value: T; version: string } {
  if (outcome.kind !== 'done') {
    throw outcome;
  }
  return outcome;
}

async function fetchOwn(): Promise<Own> {
  // Who she is does not change while she is in, unless another has logged in in another tab.
  const known = kept.own?.id;
  if (known === undefined) {
    return fetchOwnOf(await whoIsIn());
  }
  try {
    return await fetchOwnOf(known);
  } catch (problem) {
    if (isFailure(problem) && problem.kind === 'refused') {
      return fetchOwnOf(await whoIsIn());
    }
    throw problem;
  }
}

async function fetchOwnOf(id: number): Promise<Own> {
  const at = { person_id: id };
  const [person, cover] = await Promise.all([
    ask('get', '/v1/people/{person_id}', { at }),
    ask('get', '/v1/people/{person_id}/coverage', { at }),
  ]);
  const record = valueOf(person);
  const membership = record.value.memberships.at(-1);
  if (membership === undefined) {
    throw { kind: 'offline' } satisfies Failure;
  }
  return { id, person: record.value, version: record.version, membership, cover: valueOf(cover).value };
}

/** Staff who use the same browser are not members here. */
async function whoIsIn(): Promise<number> {
  const { value } = valueOf(await ask('get', '/v1/account'));
  if (value.kind !== 'worker') {
    throw { kind: 'login' } satisfies Failure;
  }
  return value.id;
}

/** Asks again; what is shown stays until the answer is there. */
export function refreshOwn(): Promise<void> {
  asking ??= fetchOwn()
    .then(
      (fresh) => {
        // She may have left meanwhile.
        if (hasEntered()) {
          kept.own = fresh;
          kept.failure = undefined;
        }
      },
      (problem: unknown) => {
        const failure = isFailure(problem) ? problem : ({ kind: 'offline' } as const);
        if (failure.kind === 'login') {
          forgetOwn();
          kept.ended = true;
        } else {
          kept.failure = failure;
        }
      },
    )
    .finally(() => (asking = undefined));
  return asking;
}

function isFailure(problem: unknown): problem is Failure {
  return typeof problem === 'object' && problem !== null && 'kind' in problem;
}

/** The newest record after a change. */
export function keepPerson(person: Schemas['PersonRecord'], version: string): void {
  if (kept.own) {
    kept.own = { ...kept.own, person, version };
  }
}

export function enter(): Promise<void> {
  forgetOwn();
  noteEntered(true);
  return refreshOwn();
}

function forgetOwn(): void {
  kept.own = undefined;
  kept.failure = undefined;
  kept.ended = false;
  noteEntered(false);
}

/** Out, once the server has ended the session: before that she is still in, and is told so. */
export async function leave(): Promise<Outcome<undefined>> {
  const outcome = await ask('delete', '/v1/sessions/current');
  if (outcome.kind === 'done' || outcome.kind === 'login') {
    dropAllDrafts();
    forgetOwn();
  }
  return outcome;
}
