import { flushSync } from 'svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { averageDays, type ClaimFigures, figureRows, figureWords, isDay, isEmpty, shareInTime, spanOf, tablesOf, timeOf, wrongSpan } from '../src/desk/claim_figures';
import FiguresPage from '../src/desk/claim_figures_page.svelte';
import FiguresTold from '../src/desk/claim_figures_told.svelte';
import CoverPanel from '../src/desk/cover_panel.svelte';
import { type Account, type Claim, maySeeFigures, mayWork } from '../src/desk/desk.svelte';
import { FIGURE_WORDS, WORDS } from '../src/desk/desk_words';
import { keep } from '../src/lib/router.svelte';
import { speakAlso, speakClaims, t } from '../src/lib/texts.svelte';
import { withDay } from '../src/lib/typed_day';
import { press, show, violations, type Mounted } from './mounted';

beforeAll(async () => {
  await speakAlso(WORDS);
  await speakAlso(FIGURE_WORDS);
  await speakClaims();
});

const TODAY = '2026-03-15';
const account = (role: string, scope: Account['scope'] = { kind: 'nation' }) => ({ kind: 'staff-user', id: 3, role, scope, second_factor: true }) as Account;
const FIGURES: ClaimFigures = {
  from: '2026-03-01', to: TODAY, now: { reported: 2, paid: 6 }, approved: { one_person: 5, by_rule: 3 }, refused: { too_late: 1 },
  given: { JKK: 5_250_000, JHT: 1_000_000 }, tax: 50_000, paid: 4, paid_late: 1, days: 14, most_days: 11, given_back: 36_800, penalties: 7_000, begun: 3, without_visit: 1,
};
const NOTHING: ClaimFigures = { ...FIGURES, approved: {}, refused: {}, given: {}, tax: 0, paid: 0, paid_late: 0, days: 0, most_days: 0, given_back: 0, penalties: 0, begun: 0, without_visit: 0 };
const linesOf = (figures: ClaimFigures, id: string) => tablesOf(figures).find((table) => table.id === id)?.lines ?? [];
const valueOf = (figures: ClaimFigures, code: string) => tablesOf(figures).flatMap(({ lines }) => lines).find((line) => line.code === code)?.value;
const plain = (page: Mounted) => page.text().replaceAll('\u00a0', ' ');

let asked: string[] = [];
let answer: () => Response | Promise<Response> = () => new Response(JSON.stringify(FIGURES));
beforeEach(() => {
  asked = [];
  keep('angka', {});
  vi.useFakeTimers({ now: new Date(`${TODAY}T05:00:00Z`), toFake: ['Date'] });
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path);
    return answer();
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});
async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  flushSync();
}

describe('a time', () => {
  it.each([
    ['days', '2026-03-15', '2026-02-14', '2026-03-15'], ['this_month', '2026-03-15', '2026-03-01', '2026-03-15'],
    ['last_month', '2026-03-15', '2026-02-01', '2026-02-28'], ['last_month', '2024-03-31', '2024-02-01', '2024-02-29'],
    ['last_month', '2026-01-31', '2025-12-01', '2025-12-31'], ['year', '2026-01-01', '2026-01-01', '2026-01-01'], ['days', '2026-01-10', '2025-12-12', '2026-01-10'],
  ] as const)('%s of %s goes from %s to %s', (time, today, from, to) => {
    expect(spanOf(time, today)).toEqual({ from, to });
  });

  it('is what the address says, or the usual one', () => {
    expect([timeOf('year'), timeOf('century'), timeOf(null)]).toEqual(['year', 'days', 'days']);
    expect(['2026-02-28', '2026-02-29', '2026-2-1', 'kemarin', ''].map(isDay)).toEqual([true, false, false, false, false]);
  });

  it('that is none is refused at the field that is wrong', () => {
    const wrong = (from: string, to: string) => wrongSpan({ ...withDay('from', from), ...withDay('to', to) }).map(({ field }) => field).join();
    expect([wrong('2026-03-01', '2026-03-01'), wrong('2026-03-02', '2026-03-01'), wrong('2026-02-30', '2026-03-01'), wrong('x', '')]).toEqual(['', 'to-day', 'from-day', 'from-day,to-day']);
  });
});

describe('the figures of a time', () => {
  it('are averages and shares of what they say', () => {
    expect([averageDays(FIGURES), shareInTime(FIGURES), valueOf(FIGURES, 'share_without_visit')]).toEqual([3.5, 750_000, 333_333]);
    expect([figureWords(3.5, 'days'), figureWords(7 / 3, 'days'), figureWords(750_000, 'share')].map((text) => text.replaceAll('\u00a0', ' '))).toEqual(['3,5 hari', '2,3 hari', '75 %']);
    expect([valueOf(FIGURES, 'in_time'), valueOf(FIGURES, 'given.all'), valueOf(FIGURES, 'approved.second_person'), valueOf(FIGURES, 'now.all')]).toEqual([3, 6_250_000, 0, 8]);
  });

  it('without anything to divide by are a dash, and no number', () => {
    expect([isEmpty(FIGURES), isEmpty(NOTHING), isEmpty({ ...NOTHING, penalties: 1 })]).toEqual([false, true, false]);
    expect([averageDays(NOTHING), shareInTime(NOTHING), valueOf(NOTHING, 'most_days')]).toEqual([undefined, undefined, undefined]);
    const page = show(FiguresTold, { figures: { ...NOTHING, penalties: 1 }, withLists: true });
    expect(page.find('tr[data-code="average_days"] td').textContent).toBe('–');
    expect(page.text()).not.toMatch(/NaN|Infinity|undefined/);
    expect(page.text()).toContain(t('handled.refused_none'));
  });

  it('that this page does not know are told as they are', () => {
    const lines = linesOf({ ...FIGURES, refused: { constructor: 2, '<b>x</b>': 1 }, now: { dreaming: 1 } }, 'refused');
    expect(lines.map(({ name, value }) => [name, value])).toEqual([['constructor', 2], ['<b>x</b>', 1], [t('handled.all'), 3]]);
    expect(linesOf({ ...FIGURES, now: { dreaming: 1 } }, 'now').map(({ name }) => name)).toContain('dreaming');
  });

  it('stand in tables that lead to the claims of a state, for who may list them', async () => {
    const page = show(FiguresTold, { figures: FIGURES, withLists: true });
    expect(page.find('tr[data-code="now.paid"] a').getAttribute('href')).toBe('#/?state=paid');
    expect(page.root.querySelector('tr[data-code="now.draft"] a')).toBeNull();
    for (const words of ['Rp 5.250.000', t('desk.refusal_too_late'), '3,5 hari', '33,33 %', t('handled.about_penalties')]) {
      expect(plain(page)).toContain(words);
    }
    expect(await violations(page.root)).toEqual([]);
    expect(show(FiguresTold, { figures: FIGURES, withLists: false }).root.querySelector('a')).toBeNull();
    expect(show(FiguresTold, { figures: NOTHING, withLists: true }).root.querySelectorAll('table').length).toBe(1);
  });

  it('are saved one a row, as numbers', () => {
    const rows = figureRows({ ...FIGURES, days: 7, paid: 3 });
    const row = (code: string) => rows.find((cells) => cells[3] === code)?.slice(5);
    expect([row('average_days'), row('share_without_visit'), row('given.JKK'), row('refused.too_late')]).toEqual([
      [2.33, t('handled.unit_days')], [33.33, t('handled.unit_share')], [5_250_000, t('handled.unit_money')], [1, t('handled.unit_count')],
    ]);
    expect(new Set(rows.map((cells) => cells[3])).size).toBe(rows.length);
    expect(figureRows(NOTHING).find((cells) => cells[3] === 'average_days')?.[5]).toBeUndefined();
  });
});

describe('the page of figures', () => {
  let shown: Mounted | undefined;
  const close = () => {
    shown?.stop();
    shown = undefined;
  };
  afterEach(close);
  const open = async (who: Account, choices: Record<string, string> = {}) => {
    close();
    keep('angka', choices);
    shown = show(FiguresPage, { account: who, onlogin: vi.fn() });
    await settle();
    return shown;
  };
  const OFFICER = account('claims-officer');

  it('is for who works for the whole agency', async () => {
    const roles = ['claims-officer', 'approver', 'branch-staff', 'auditor', 'analyst', 'operator', 'agent', 'group-admin'];
    expect(roles.map((role) => maySeeFigures(account(role)))).toEqual([true, true, true, true, true, true, false, false]);
    expect(roles.map((role) => mayWork(account(role)))).toEqual([true, true, true, true, false, false, false, false]);
    expect([maySeeFigures(account('auditor', { kind: 'region', id: 33 })), maySeeFigures({ ...OFFICER, kind: 'worker' })]).toEqual([false, false]);
    const page = await open(account('branch-staff', { kind: 'branch', id: 1 }));
    expect([page.text().includes(t('handled.forbidden_text')), asked]).toEqual([true, []]);
  });

  it('asks for the days that were chosen', async () => {
    await open(OFFICER);
    await open(OFFICER, { waktu: 'last_month' });
    const own = await open(OFFICER, { waktu: 'own', dari: '2026-01-05', sampai: '2026-01-06' });
    expect(asked).toEqual(['from=2026-02-14&to=2026-03-15', 'from=2026-02-01&to=2026-02-28', 'from=2026-01-05&to=2026-01-06'].map((query) => `/v1/claim_figures?${query}`));
    expect(own.find<HTMLInputElement>('#from-day').value).toBe('5');
    expect(await violations(own.root)).toEqual([]);
  });

  it('asks nothing of a time that is none, and says at the field what the server refuses', async () => {
    const wrong = await open(OFFICER, { waktu: 'own', dari: '2026-01-05', sampai: '2026-01-04' });
    expect([asked, wrong.find('#to-problem').textContent]).toEqual([[], t('handled.wrong_order')]);
    answer = () => new Response(JSON.stringify({ rule: 'claim.time_wrong', detail: 'Terlalu lama.' }), { status: 422 });
    const long = await open(OFFICER, { waktu: 'own', dari: '1990-01-05', sampai: '2026-01-04' });
    expect([long.find('#to-problem').textContent, long.find<HTMLInputElement>('#from-year').value]).toEqual(['Terlalu lama.', '1990']);
  });

  it('says when it may not, and asks again after a failure', async () => {
    answer = () => new Response(JSON.stringify({ rule: 'access.not_allowed', detail: 'x' }), { status: 403 });
    expect((await open(OFFICER)).text()).toContain(t('handled.forbidden_text'));
    answer = () => Promise.reject(new TypeError('cut'));
    const page = await open(OFFICER);
    expect(page.text()).toContain(t('desk.offline'));
    answer = () => new Response(JSON.stringify(FIGURES));
    press([...page.root.querySelectorAll('button')].find((one) => one.textContent?.trim() === t('app.again'))!);
    await settle();
    expect(plain(page)).toContain('1 Maret 2026 sampai 15 Maret 2026');
  });
});

describe('the cover on the day', () => {
  const cover = { on: '2026-03-10', programmes: { JKK: { state: 'active', from: '2026-01-10', until: '2026-03-31' }, JHT: { state: 'never', from: null, until: null } } };
  const claimOf = (more: object) => ({ claim_number: 'K1', person_id: 7, event_on: '2026-03-10', kind: 'accident', findings: [], ...more }) as unknown as Claim;
  const open = async (claim: Claim) => {
    const page = show(CoverPanel, { claim, onlogin: vi.fn() });
    await settle();
    return page;
  };

  it('is what the check found, and the days of each programme', async () => {
    answer = () => new Response(JSON.stringify(cover));
    const page = await open(claimOf({ findings: [{ kind: 'obstacle', rule: 'check.covered', detail: 'arrears_open', words: 'x' }] }));
    expect(asked).toEqual(['/v1/people/7/coverage?on=2026-03-10']);
    expect(page.find('.tag.bad').textContent).toBe(t('desk.cover_arrears_open'));
    expect([...page.root.querySelectorAll('li')].map((one) => one.textContent?.includes('10 Januari 2026 sampai 31 Maret 2026'))).toEqual([true, false]);
    expect(await violations(page.root)).toEqual([]);
  });

  it('is not asked of what comes again, and does not stand in the way of savings', async () => {
    expect([(await open(claimOf({ kind: 'scholarship' }))).text(), asked]).toEqual(['', []]);
    answer = () => Promise.reject(new TypeError('cut'));
    const page = await open(claimOf({ kind: 'savings' }));
    expect(page.text()).toContain(t('desk.on_day_savings'));
    expect(page.text()).toContain(t('desk.offline'));
  });
});
