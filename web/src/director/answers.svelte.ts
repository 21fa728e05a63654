// What the server says of a question. It reads live counters, so nothing is kept beyond the page, and
// a question is put again whenever somebody wants to know.
import { ask, type Failure, type Outcome, type Schemas } from '../lib/api';
import { foldProvinces, present } from './rows';
import type { Row } from './measures';
import { asked, levelOf, mapOf, partOf, splitsOf, type Question, type Reach } from './question';

/** Who asks, and what things are called; asked for once. */
export interface Setting {
  reach: Reach;
  branches: Schemas['Branches']['branches'];
  sectors: Schemas['Scheme']['sectors'];
  graceMonths: number | null;
  provinces: Record<string, string>;
}

export interface Answer {
  /** As it could be told. */
  question: Question;
  trend: Schemas['Trend'];
  rows: Row[];
  /** By what the map shows, where there is one. */
  mapRows: Row[] | undefined;
  readAt: string;
}

/** The session is of somebody who may see no figures. */
export type Trouble = Failure | { kind: 'forbidden'; words: string };

let state = $state.raw<{ setting?: Setting; answer?: Answer; trouble?: Trouble; busy: boolean }>({ busy: false });
let turn = 0;

export const setting = () => state.setting;
export const answer = () => state.answer;
export const trouble = () => state.trouble;
export const isBusy = () => state.busy;

function valueOf<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') {
    return outcome.value;
  }
  throw outcome;
}

function troubleOf(problem: unknown): Trouble {
  const failure = typeof problem === 'object' && problem !== null && 'kind' in problem ? (problem as Failure) : { kind: 'offline' as const };
  return failure.kind === 'refused' && failure.status === 403 ? { kind: 'forbidden', words: failure.words } : failure;
}

async function fetchSetting(): Promise<Setting> {
  const account = valueOf(await ask('get', '/v1/account'));
  if (account.kind !== 'staff-user') {
    throw { kind: 'forbidden', words: '' } satisfies Trouble;
  }
  const [branches, scheme, provinces] = await Promise.all([
    ask('get', '/v1/branches'),
    ask('get', '/v1/scheme'),
    import('../../../build/web/province_names.json'),
  ]);
  const law = valueOf(scheme);
  return {
    reach: { kind: account.scope.kind, id: account.scope.id ?? 0 },
    branches: valueOf(branches).branches,
    sectors: law.sectors,
    graceMonths: law.numbers.grace_months ?? null,
    provinces: provinces.default,
  };
}

/** One province's rows stand for the nation as long as only it is seen. */
function rowsOf(report: { rows: Row[] }, question: Question, { provinces, sectors }: Setting, isByRegion: boolean): Row[] {
  if (isByRegion) {
    return present(levelOf(question.region) === 0 ? foldProvinces(report.rows, provinces) : report.rows);
  }
  const known = question.split === 'sector' ? new Map(sectors.map(({ code, name }) => [code, name.id])) : undefined;
  return present(report.rows.map((row) => ({ ...row, name: known?.get(row.code) ?? row.name })));
}

/** The map of the same part stays as it is when only the table is split by something else. */
function mapRowsOf(last: Answer | undefined, question: Question): Row[] | undefined {
  const isSame = last && JSON.stringify(partOf(last.question)) === JSON.stringify(partOf(question));
  return isSame && last.question.split !== question.split ? last.mapRows : undefined;
}

async function fetchAnswer(put: Question, at: Setting, last: Answer | undefined): Promise<Answer> {
  const question = asked(put, at.reach);
  const query = partOf(question);
  const splits = splitsOf(question, at.reach);
  const hasMap = mapOf(question.region) !== undefined;
  const byRegion = question.split === 'region' && splits.length > 0;
  const known = byRegion ? undefined : mapRowsOf(last, question);
  const [trend, regions] = await Promise.all([
    ask('get', '/v1/insight/trend', { query: splits.length > 0 ? { ...query, by: question.split } : query }),
    hasMap && !byRegion && !known ? ask('get', '/v1/insight/coverage', { query: { ...query, by: 'region' } }) : undefined,
  ]);
  const told = valueOf(trend);
  const rows = rowsOf(told, question, at, byRegion);
  const drawn = regions ? rowsOf(valueOf(regions), question, at, true) : (known ?? rows);
  return { question, trend: told, rows, mapRows: hasMap ? drawn : undefined, readAt: new Date().toISOString() };
}

/** What is shown stays until the answer is there; of two questions the later is answered. */
export async function put(question: Question): Promise<void> {
  const mine = ++turn;
  state = { ...state, busy: true };
  try {
    const at = state.setting ?? (await fetchSetting());
    const fresh = await fetchAnswer(question, at, state.answer);
    if (mine === turn) {
      state = { setting: at, answer: fresh, busy: false };
    }
  } catch (problem) {
    if (mine === turn) {
      // Old figures under a new question would be wrong ones.
      const { setting: at } = state;
      const met = troubleOf(problem);
      state = { setting: met.kind === 'login' ? undefined : at, trouble: met, busy: false };
    }
  }
}
