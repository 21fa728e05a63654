// A list that the server gives page by page, newest first.
import type { Failure, Outcome } from './api';

export interface Pages<T> {
  readonly rows: readonly T[];
  readonly asked: boolean;
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  readonly more: boolean;
  next(): Promise<void>;
}

export const PAGE_ROWS = 50;

/** `fetchPage` gets the cursor of the page before; nothing for the newest. */
export function pagesOf<T>(
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<Outcome<{ rows: T[]; cursor: string | null }>>,
): Pages<T> {
  const kept = $state<{ rows: T[]; cursor: string | null; asked: boolean; busy: boolean; failure?: Failure }>({
    rows: [],
    cursor: null,
    asked: false,
    busy: false,
  });
  async function next(): Promise<void> {
    if (kept.busy) {
      return;
    }
    kept.busy = true;
    const outcome = await fetchPage(kept.cursor === null ? { limit: PAGE_ROWS } : { limit: PAGE_ROWS, cursor: kept.cursor });
    kept.busy = false;
    if (outcome.kind !== 'done') {
      kept.failure = outcome;
      return;
    }
    kept.failure = undefined;
    kept.asked = true;
    kept.rows.push(...outcome.value.rows);
    kept.cursor = outcome.value.cursor;
  }
  return {
    get rows() {
      return kept.rows;
    },
    get asked() {
      return kept.asked;
    },
    get busy() {
      return kept.busy;
    },
    get failure() {
      return kept.failure;
    },
    get more() {
      return kept.cursor !== null;
    },
    next,
  };
}
