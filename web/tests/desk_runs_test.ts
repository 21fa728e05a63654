import { flushSync } from 'svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import BankAnswer from '../src/desk/bank_answer.svelte';
import BankTold from '../src/desk/bank_told.svelte';
import type { Account } from '../src/desk/desk.svelte';
import { WORDS } from '../src/desk/desk_words';
import MakeRun from '../src/desk/make_run.svelte';
import RunPage from '../src/desk/run_page.svelte';
import RunsList from '../src/desk/runs_list.svelte';
import RunsPage from '../src/desk/runs_page.svelte';
import { fetchRunFile, mayMakeRuns, mayReleaseRuns, maySeeRuns, type BankTaken, type RunDetail, type RunPayout, stageOf, stepsOf } from '../src/desk/runs';
import { speakAlso, speakClaims, t } from '../src/lib/texts.svelte';
import { press, show, type, violations, type Mounted } from './mounted';

beforeAll(async () => {
  await speakAlso(WORDS);
  await speakClaims();
});

interface Asked {
  method: string;
  path: string;
  key: string | undefined;
  body: string | undefined;
}
type Told = { status?: number; body: unknown } | 'cut';
let asked: Asked[] = [];
let answers: Record<string, Told> = {};
const posts = () => asked.filter((one) => one.method === 'POST');

beforeEach(() => {
  asked = [];
  answers = {};
  location.hash = '';
  vi.stubGlobal('fetch', async (path: string, { method = 'GET', headers, body }: RequestInit) => {
    asked.push({ method, path, key: (headers as Record<string, string>)['Idempotency-Key'], body: body as string | undefined });
    const told = answers[`${method} ${path.split('?')[0]}`];
    if (!told || told === 'cut') {
      throw new TypeError('cut');
    }
    return new Response(typeof told.body === 'string' ? told.body : JSON.stringify(told.body), { status: told.status ?? 200 });
  });
});
afterEach(() => vi.unstubAllGlobals());

const account = (role: string, scope: Account['scope'] = { kind: 'nation' }) => ({ kind: 'staff-user', id: 3, role, scope, second_factor: true }) as Account;
const OFFICER = account('claims-officer');
const APPROVER = account('approver');
const payout = (state: RunPayout['state'], no = 1, more: Partial<RunPayout> = {}): RunPayout => ({
  claim_number: `K00000000701${no}`, payout_no: 1, reference: `K00000000701${no}P01`, state, amount: 1_000_000, penalty: 0,
  paid_on: null, sent_by: null, payee_name: 'Siti <b>Contoh</b>', institution: 'BRI', account: '****7890', ...more,
});
const runOf = (more: Partial<RunDetail> = {}): RunDetail => ({
  run_id: 7, state: 'made', pay_on: '2026-03-15', payouts: 2, amount: 2_005_000, list: [payout('in_run', 1, { penalty: 5_000 }), payout('in_run', 2)], next_cursor: null, ...more,
});
const problem = (rule: string, detail: string) => ({ status: 409, body: { rule, detail } });
const onlogin = vi.fn();

async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  flushSync();
}
async function openRun(who: Account, run: RunDetail): Promise<Mounted> {
  answers['GET /v1/payout_runs/7'] = { body: run };
  const page = show(RunPage, { account: who, number: 7, onlogin });
  await settle();
  return page;
}
const button = (page: Mounted, words: string) => [...page.root.querySelectorAll('button')].find((one) => one.textContent?.trim() === words);
function submit(page: Mounted): void {
  page.find<HTMLFormElement>('dialog[open] form').requestSubmit();
  flushSync();
}

describe('payment runs', () => {
  it('are for who works for the whole agency, each with the steps of the role', () => {
    const elsewhere = account('claims-officer', { kind: 'branch', id: 1 });
    expect(['claims-officer', 'approver', 'auditor', 'branch-staff', 'operator'].map((role) => maySeeRuns(account(role)))).toEqual([true, true, true, false, false]);
    expect([maySeeRuns(elsewhere), mayMakeRuns(elsewhere), mayMakeRuns(APPROVER), mayReleaseRuns(OFFICER)]).toEqual([false, false, false, false]);
    const steps = (who: Account) => (['made', 'released', 'sent', 'answered', 'cancelled'] as const).map((stage) => stepsOf(who, stage).join());
    expect(steps(OFFICER)).toEqual(['cancellation', 'sending', '', '', '']);
    expect(steps(APPROVER)).toEqual(['release', '', '', '', '']);
    expect(steps(account('auditor'))).toEqual(['', '', '', '', '']);
  });

  it('tell by their payouts how far the bank is', () => {
    const released = (...list: RunPayout[]) => stageOf(runOf({ state: 'released', list }));
    expect([stageOf(runOf()), stageOf(runOf({ state: 'cancelled', list: [] }))]).toEqual(['made', 'cancelled']);
    expect(released(payout('in_run'), payout('failed'))).toBe('released');
    expect(released(payout('sent'), payout('paid'))).toBe('sent');
    expect(released(payout('paid'), payout('failed'))).toBe('answered');
    // Only a part of the list is known.
    expect(released(payout('paid'))).toBe('sent');
  });

  it('are listed with state, sum and number of payouts', async () => {
    answers['GET /v1/payout_runs'] = { body: { runs: [runOf(), runOf({ run_id: 6, state: 'cancelled', payouts: 1200 })] } };
    answers['GET /v1/claims'] = { body: { claims: [], next_cursor: null } };
    const page = show(RunsList, { account: OFFICER, onlogin });
    await settle();
    expect([...page.root.querySelectorAll('li a')].map((one) => one.getAttribute('href'))).toEqual(['#/bayar?daftar=7', '#/bayar?daftar=6']);
    for (const words of [t('runs.state_made'), t('runs.state_cancelled'), t('runs.payouts', { n: '1.200' }), 'Rp 2.005.000', '15 Maret 2026']) {
      expect(page.text()).toContain(words);
    }
    expect(await violations(page.root)).toEqual([]);
    const other = show(RunsList, { account: APPROVER, onlogin });
    await settle();
    expect([button(other, t('runs.make')), other.root.querySelector('input[type=file]')]).toEqual([undefined, null]);
  });

  it('are not shown to a branch, which is told why', () => {
    const page = show(RunsPage, { account: account('claims-officer', { kind: 'branch', id: 1 }), onlogin });
    expect(page.text()).toContain(t('runs.forbidden_text'));
    expect(asked).toEqual([]);
  });
});

describe('making a run', () => {
  const waiting = { claims: [{ net: 1_000_000 }, { net: 500_000 }], next_cursor: null };
  async function considered(): Promise<Mounted> {
    answers['GET /v1/claims'] = { body: waiting };
    const page = show(MakeRun, { onlogin });
    await settle();
    press(button(page, t('runs.make')) as HTMLElement);
    await settle();
    return page;
  }

  it('says first how much waits, and leads to the run', async () => {
    const page = await considered();
    expect(page.find('dialog[open]').textContent?.replaceAll('\u00a0', ' ')).toContain('2 klaim disetujui, kira-kira Rp 1.500.000');
    expect(page.text()).toContain(t('runs.then_make'));
    expect(await violations(page.root)).toEqual([]);
    answers['POST /v1/payout_runs'] = { status: 201, body: runOf() };
    submit(page);
    submit(page);
    await settle();
    expect([posts().length, posts()[0]?.body, location.hash]).toEqual([1, '{"pay_on":null,"limit":10000}', '#/bayar?daftar=7']);
  });

  it('keeps its key while no answer comes, and takes another for another day or after a refusal', async () => {
    const page = await considered();
    for (const told of ['cut', 'cut', problem('payout.nothing_waits', 'Tidak ada.'), 'cut'] as Told[]) {
      answers['POST /v1/payout_runs'] = told;
      submit(page);
      await settle();
      if (told !== 'cut') {
        expect(page.text()).toContain('Tidak ada.');
      }
    }
    type(page.find<HTMLInputElement>('dialog input'), '2026-03-20');
    submit(page);
    await settle();
    const keys = posts().map((one) => one.key);
    expect([keys[0] === keys[1], keys[1] === keys[2], new Set(keys).size]).toEqual([true, true, 3]);
    expect(posts().at(-1)?.body).toContain('2026-03-20');
  });
});

describe('a run', () => {
  it('shows who is paid, and tells its maker that somebody else releases it', async () => {
    const page = await openRun(OFFICER, runOf());
    for (const words of ['K000000007011P01', 'Siti <b>Contoh</b>', 'BRI ****7890', t('runs.next_made'), '2 Disiapkan', 'denda Rp 5.000']) {
      expect(page.text().replaceAll('\u00a0', ' ')).toContain(words);
    }
    expect([button(page, t('runs.do_release')), button(page, t('runs.file'))]).toEqual([undefined, undefined]);
    expect(button(page, t('runs.do_cancellation'))).toBeDefined();
    expect(await violations(page.root)).toEqual([]);
  });

  it('is released in a dialog that names the sum and the number of payouts', async () => {
    const page = await openRun(APPROVER, runOf());
    expect(page.text()).toContain(t('runs.next_release'));
    press(button(page, t('runs.do_release')) as HTMLElement);
    const rows = [...page.root.querySelectorAll('dialog[open] dd')].map((one) => one.textContent?.replaceAll('\u00a0', ' '));
    expect(rows).toEqual(['7', '2', 'Rp 2.005.000', '15 Maret 2026']);
    answers['POST /v1/payout_runs/7/release'] = { body: runOf({ state: 'released' }) };
    answers['GET /v1/payout_runs/7'] = { body: runOf({ state: 'released' }) };
    submit(page);
    submit(page);
    await settle();
    expect([posts().length, page.root.querySelector('dialog[open]')]).toEqual([1, null]);
    expect(page.text()).toContain(t('runs.done_release'));
    expect(page.text()).toContain(t('runs.next_released'));
  });

  it('tells why a step is refused and looks at the run again', async () => {
    const page = await openRun(APPROVER, runOf());
    answers['POST /v1/payout_runs/7/release'] = problem('payout.same_person', 'Harus orang lain.');
    press(button(page, t('runs.do_release')) as HTMLElement);
    submit(page);
    await settle();
    expect(page.find('dialog[open] .notice').textContent).toContain('Harus orang lain.');
    expect(asked.filter((one) => one.method === 'GET').length).toBe(2);
    expect(page.text()).not.toContain(t('runs.done_release'));
  });

  it('says of which payouts the bank was told without a file', async () => {
    const list = [payout('sent', 1, { sent_by: 'transfer' }), payout('sent', 2, { sent_by: 'file' })];
    const page = await openRun(OFFICER, runOf({ state: 'released', list }));
    const rows = [...page.root.querySelectorAll('tbody tr')].map((row) => row.textContent.includes('lewat transfer bank'));
    expect(rows).toEqual([true, false]);
  });

  it('that was sent gives its file, or says in words why not', async () => {
    const page = await openRun(OFFICER, runOf({ state: 'released', list: [payout('sent'), payout('failed', 2)] }));
    expect(page.text()).toContain(t('runs.next_sent'));
    expect(page.text()).toContain(t('runs.some_failed'));
    answers['GET /v1/payout_runs/7/file'] = { status: 422, body: { rule: 'payout.account_missing', detail: 'Isi dulu rekening.' } };
    press(button(page, t('runs.file')) as HTMLElement);
    await settle();
    expect(page.text()).toContain('Isi dulu rekening.');
    answers['GET /v1/payout_runs/7/file'] = { body: '<Document/>' };
    const told = await fetchRunFile(7);
    expect(told.kind === 'done' && (await new Response(told.value).text())).toBe('<Document/>');
    expect((await fetchRunFile(8)).kind).toBe('offline');
    expect((await openRun(APPROVER, runOf({ state: 'released', list: [payout('sent')] }))).root.querySelector('input[type=file]')).toBeNull();
  });
});

describe('the answer of the bank', () => {
  const taken = (more: Partial<BankTaken> = {}): BankTaken => ({ taken: 0, known: 0, others: 0, paid_twice: [], problems: [], ...more });
  it('is told line by line', async () => {
    const told = show(BankTold, { taken: taken({ taken: 3, known: 2, others: 1, paid_twice: ['K1P01'], problems: [{ line: 4, rule: 'r', words: 'Baris ini salah.' }] }) });
    expect([...told.root.querySelectorAll('dd')].map((one) => one.textContent)).toEqual(['3', '2', '1', '1', '1']);
    for (const words of [t('runs.told_partly'), t('runs.ask_back', { references: 'K1P01' }), 'Baris 4', 'Baris ini salah.']) {
      expect(told.text()).toContain(words);
    }
    expect(await violations(told.root)).toEqual([]);
    expect(show(BankTold, { taken: taken({ known: 3 }) }).text()).toContain(t('runs.told_nothing'));
    expect(show(BankTold, { taken: taken({ taken: 1 }) }).text()).toContain(t('runs.told'));
    const many = Array.from({ length: 150 }, (_, line) => ({ line, rule: 'r', words: 'x' }));
    expect(show(BankTold, { taken: taken({ problems: many }) }).text()).toContain(t('runs.more_lines', { n: 50 }));
    expect(show(BankTold, { taken: taken({ known: 1, problems: many }) }).text()).toContain(t('runs.told_refused'));
  });

  class Line {
    static keys: string[] = [];
    static told: { status: number; body: unknown } | undefined;
    upload = {};
    status = 0;
    responseText = '';
    onload?: () => void;
    onerror?: () => void;
    open(): void {}
    getResponseHeader(): null {
      return null;
    }
    setRequestHeader(name: string, value: string): void {
      if (name === 'Idempotency-Key') {
        Line.keys.push(value);
      }
    }
    send(): void {
      this.status = Line.told?.status ?? 0;
      this.responseText = JSON.stringify(Line.told?.body);
      setTimeout(() => (Line.told ? this.onload?.() : this.onerror?.()), 0);
    }
  }

  it('is asked for once more before it is booked, and taken once', async () => {
    vi.stubGlobal('XMLHttpRequest', Line);
    const onchanged = vi.fn();
    const page = show(BankAnswer, { onchanged, onlogin });
    const field = page.find<HTMLInputElement>('input[type=file]');
    const pick = (...files: File[]) => {
      Object.defineProperty(field, 'files', { configurable: true, writable: true, value: files });
      field.dispatchEvent(new Event('change', { bubbles: true }));
      flushSync();
    };
    const put = async () => {
      page.find<HTMLFormElement>('.bank form').requestSubmit();
      flushSync();
      submit(page);
      await settle();
      await settle();
    };
    pick(new File([], 'kosong.csv'));
    expect(page.text()).toContain(t('runs.file_empty'));
    pick(new File(['K1P01,paid,2026-03-15'], 'bank.csv'));
    expect(Line.keys).toEqual([]);
    await put();
    expect(page.text()).toContain(t('desk.offline'));
    Line.told = { status: 422, body: { rule: 'payout.file_unknown', detail: 'Ini bukan berkas bank.' } };
    await put();
    expect(page.text()).toContain('Ini bukan berkas bank.');
    expect(onchanged).not.toHaveBeenCalled();
    Line.told = { status: 200, body: taken({ taken: 1 }) };
    await put();
    await put();
    expect([page.text().includes(t('runs.told')), onchanged.mock.calls.length]).toEqual([true, 2]);
    expect([Line.keys.length, Line.keys[0] === Line.keys[1], new Set(Line.keys).size]).toEqual([4, true, 3]);
    expect(await violations(page.root)).toEqual([]);
  });
});
