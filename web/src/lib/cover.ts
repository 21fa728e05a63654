// "Am I covered?": the question the plain page asks, at the same door and under the same limits.
import type { DayText } from './figures';
import type { Language } from './texts.svelte';
import type { Programme } from './rules';

export type CoverState = 'active' | 'grace' | 'lapsed' | 'ended' | 'never';

export type CoverByProgramme = Partial<
  Record<Programme, { state: CoverState; from: DayText | null; until: DayText | null }>
>;

export interface CoverFound {
  state: CoverState;
  name: string;
  member_number: string;
  bill_code: string;
  branch: string;
  on: DayText;
  programmes: CoverByProgramme;
  credit: number;
  next_due: DayText | null;
  to_pay: { kind: string; amount?: number; months?: number; from?: DayText; until?: DayText };
}

export type CoverOutcome =
  | { kind: 'found'; cover: CoverFound }
  /** Words of the server, in the language that was asked for, by field: "nik", "birth". */
  | { kind: 'refused'; problems: { field: string; words: string }[] }
  | { kind: 'wait'; seconds: number }
  /** No connection, or no answer one could use: nothing was changed, it may be asked again. */
  | { kind: 'offline' };

/** What somebody has, in the order it is always shown. */
export function programmeRows(programmes: CoverByProgramme) {
  return (['JKK', 'JKM', 'JHT'] as const).flatMap((code) => {
    const row = programmes[code];
    return row ? [{ code, ...row }] : [];
  });
}

/** The earliest end of what has the state the whole answer has. */
export function earliestEnd(programmes: CoverByProgramme, state: CoverState): DayText | undefined {
  return programmeRows(programmes)
    .flatMap((row) => (row.state === state && row.until !== null ? [row.until] : []))
    .sort()[0];
}

interface Problem {
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}

export interface CoverQuestion {
  nik: string;
  day: string;
  month: string;
  year: string;
}

export async function askCover(question: CoverQuestion, language: Language): Promise<CoverOutcome> {
  try {
    // The door counts attempts by device and knows a device by a cookie it gives with its page.
    await fetch('/cover', { method: 'HEAD', credentials: 'same-origin' });
    const answer = await fetch(`/cover?lang=${language}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ ...question }),
    });
    return await outcomeOf(answer);
  } catch {
    return { kind: 'offline' };
  }
}

async function outcomeOf(answer: Response): Promise<CoverOutcome> {
  if (answer.ok) {
    return { kind: 'found', cover: (await answer.json()) as CoverFound };
  }
  if (answer.status === 429) {
    return { kind: 'wait', seconds: Number(answer.headers.get('Retry-After') ?? '60') };
  }
  if (answer.status === 422) {
    const problem = (await answer.json()) as Problem;
    const fields = (problem.errors ?? []).map(({ pointer, detail }) => ({ field: pointer.slice(1), words: detail }));
    return { kind: 'refused', problems: fields.length > 0 ? fields : [{ field: 'nik', words: problem.detail ?? '' }] };
  }
  return { kind: 'offline' };
}
