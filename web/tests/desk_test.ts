import { flushSync, tick } from 'svelte';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import BulkApproval from '../src/desk/bulk_approval.svelte';
import { approvalBar, deadlineOf, whoWords, type Account, type Claim } from '../src/desk/desk.svelte';
import { WORDS } from '../src/desk/desk_words';
import NoticeItem from '../src/desk/notice_item.svelte';
import { speakAlso, speakClaims, t } from '../src/lib/texts.svelte';
import type { Schemas } from '../src/lib/api';
import { show, violations, type Mounted } from './mounted';

beforeAll(async () => {
  await speakAlso(WORDS);
  await speakClaims();
});
afterEach(() => vi.unstubAllGlobals());

const ME = { kind: 'staff-user', id: 5, role: 'claims-officer' } as unknown as Account;
const step = (state: string, id: number) => ({ state, by: { kind: 'staff-user', id } });
function claimOf(number: string, more: Record<string, unknown> = {}): Claim {
  return {
    claim_number: number, name: `Contoh ${number}`, state: 'complete', due_on: null, findings: [], payees: [], steps: [step('complete', 5)],
    lines: [{ programme: 'JHT', benefit: 'jht-account', detail: '', working: '', amount: 100_000 }], ...more,
  } as unknown as Claim;
}
const found = (kind: string) => ({ findings: [{ kind, rule: 'check.x', detail: '', words: 'x' }] });

const NOTICE = {
  notice_id: 3, kind: 'death', on: '2026-03-10', state: 'received', received_at: '2026-03-11T01:00:00Z', told_by: 'anonymous', person_id: null,
  claim_number: null, reason_code: null, member: { name: '<b>Siti</b>', nik: null, member_number: null },
  reporter: { name: 'Darto', phone: '0812', relation: 'neighbour' }, place: '', told: '',
} as unknown as Schemas['ClaimNoticeForOfficers'];

interface Asked {
  method: string;
  path: string;
  key: string | undefined;
  body: unknown;
}

/** Answers in the order of the questions; remembers what was asked. */
function serverOf(answer: (asked: Asked) => { status?: number; body: unknown }): Asked[] {
  const seen: Asked[] = [];
  vi.stubGlobal('fetch', async (url: string, { method, headers, body }: { method: string; headers: Record<string, string>; body?: string }) => {
    const asked = { method, path: url, key: headers['Idempotency-Key'], body: body === undefined ? undefined : JSON.parse(body) };
    seen.push(asked);
    const { status = 200, body: sent } = answer(asked);
    return new Response(JSON.stringify(sent), { status, headers: { 'Content-Type': 'application/json' } });
  });
  return seen;
}

const buttonOf = (shown: Mounted, words: string) => [...shown.root.querySelectorAll('button')].find((one) => one.textContent?.trim() === words)!;
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; ++turn) {
    await tick();
    await new Promise((resolve) => setTimeout(resolve));
  }
  flushSync();
}

describe('the desk', () => {
  it.each([
    [{}, undefined], [{ state: 'paid' }, 'state'], [{ state: 'proposed', steps: [step('proposed', 5)] }, 'mine'],
    [{ state: 'proposed', steps: [step('proposed', 6)] }, undefined], [found('missing'), 'lacking'], [found('obstacle'), 'obstacle'],
    [found('question'), 'question'], [found('passed'), undefined], [{ lines: [] }, 'no_amount'],
  ])('knows what keeps a claim from being approved among others: %j', (more, bar) => {
    expect(approvalBar(claimOf('K1', more), ME)).toBe(bar);
  });

  it('says the days that are left, and who acted', () => {
    vi.setSystemTime(new Date('2026-03-15T05:00:00Z'));
    expect(deadlineOf({ due_on: '2026-03-15', state: 'complete' })).toEqual({ isLate: false, words: t('desk.due_today') });
    expect(deadlineOf({ due_on: '2026-03-12', state: 'approved' })).toEqual({ isLate: true, words: t('desk.late', { days: 3 }) });
    expect(deadlineOf({ due_on: '2026-03-12', state: 'paid' })).toBeUndefined();
    vi.useRealTimers();
    expect([whoWords({ kind: 'staff-user', id: 5 }), whoWords({ kind: 'robot', id: 1 })]).toEqual([t('desk.by_staff_user', { id: 5 }), 'robot 1']);
  });
});

describe('several approvals at once', () => {
  const claims: Record<string, Claim> = { K1: claimOf('K1'), K2: claimOf('K2', found('question')), K3: claimOf('K3') };
  const numberOf = ({ path }: Asked) => path.split('/')[3] ?? '';

  it('read each claim, leave out what needs a look, and tell what became of each', async () => {
    const asked = serverOf((one) => {
      const number = numberOf(one);
      if (one.method === 'GET') {
        return { body: claims[number] };
      }
      return number === 'K3' ? { status: 409, body: { rule: 'claim.changed', detail: 'Klaim ini sudah berubah.' } } : { body: { ...claims[number], state: 'approved' } };
    });
    const onclosed = vi.fn();
    const shown = show(BulkApproval, { account: ME, numbers: ['K1', 'K2', 'K3'], most: 20, onclosed, onlogin: vi.fn() });
    shown.find('button').click();
    await settled();
    expect(shown.text()).toContain(t('desk.bar_question'));
    expect(await violations(shown.root)).toEqual([]);
    const approve = buttonOf(shown, t('desk.approve_ready', { n: 2, amount: 'Rp\u00a0200.000' }));
    approve.click();
    approve.click();
    await settled();
    const sent = asked.filter((one) => one.method === 'POST');
    expect(sent.map(numberOf)).toEqual(['K1', 'K3']);
    expect(new Set(sent.map((one) => one.key)).size).toBe(2);
    expect(shown.text()).toContain(t('desk.state_approved'));
    expect(shown.text()).toContain('Klaim ini sudah berubah.');
    buttonOf(shown, t('app.close')).click();
    await settled();
    expect(onclosed).toHaveBeenCalledTimes(1);
    shown.stop();
  });

  it('do nothing without a choice, and nothing when it is closed before', async () => {
    const asked = serverOf((one) => ({ body: claims[numberOf(one)] }));
    const none = show(BulkApproval, { account: ME, numbers: [], most: 20, onclosed: vi.fn(), onlogin: vi.fn() });
    expect(none.find<HTMLButtonElement>('button').disabled).toBe(true);
    none.stop();
    const onclosed = vi.fn();
    const shown = show(BulkApproval, { account: ME, numbers: ['K2'], most: 20, onclosed, onlogin: vi.fn() });
    shown.find('button').click();
    await settled();
    expect(buttonOf(shown, t('desk.approve_ready', { n: 0, amount: 'Rp\u00a00' })).disabled).toBe(true);
    buttonOf(shown, t('desk.not_now')).click();
    await settled();
    expect(asked.every((one) => one.method === 'GET') && onclosed.mock.calls.length === 0).toBe(true);
    shown.stop();
  });
});

describe('a notice at the desk', () => {
  it('is taken up for the person that was found, once', async () => {
    const asked = serverOf(({ path }) =>
      path.endsWith('search')
        ? { body: { people: [{ person_id: 9, name: 'S*** C***', nik: '3372********0001' }] } }
        : { body: { ...NOTICE, state: 'taken_up', person_id: 9, claim_number: 'K260000000001' } });
    const shown = show(NoticeItem, { account: ME, notice: NOTICE, onlogin: vi.fn() });
    expect(shown.text()).toContain('<b>Siti</b>');
    expect(shown.root.querySelector('main dl b')).toBeNull();
    buttonOf(shown, t('desk.do_taking_up')).click();
    await settled();
    const inSheet = (words: string) => [...shown.root.querySelectorAll<HTMLButtonElement>('dialog button')].find((one) => one.textContent?.trim() === words)!;
    expect(inSheet(t('desk.do_taking_up')).disabled).toBe(true);
    const field = shown.find<HTMLInputElement>('dialog input');
    field.value = '3372015708850000';
    field.dispatchEvent(new Event('input', { bubbles: true }));
    await settled();
    inSheet(t('desk.notice_search')).click();
    shown.find('dialog form').dispatchEvent(new Event('submit', { cancelable: true }));
    await settled();
    expect(shown.text()).toContain('S*** C***');
    expect(await violations(shown.root)).toEqual([]);
    inSheet(t('desk.do_taking_up')).click();
    await settled();
    expect(asked.filter(({ path }) => path.endsWith('taking_up')).map(({ body }) => body)).toEqual([{ person_id: 9 }]);
    expect(shown.find<HTMLAnchorElement>('main a').getAttribute('href')).toContain('nomor=K260000000001');
    shown.stop();
  });

  it('shows no decision to who may not decide, and keeps the words of a refusal', async () => {
    const looker = show(NoticeItem, { account: { ...ME, role: 'auditor' } as Account, notice: NOTICE, onlogin: vi.fn() });
    expect(looker.root.querySelectorAll('main button').length - looker.root.querySelectorAll('dialog button').length).toBe(0);
    looker.stop();
    serverOf(() => ({ status: 409, body: { rule: 'notice.decided', detail: 'Laporan ini sudah ditangani.' } }));
    const shown = show(NoticeItem, { account: ME, notice: NOTICE, onlogin: vi.fn() });
    buttonOf(shown, t('desk.do_dismissal')).click();
    await settled();
    [...shown.root.querySelectorAll<HTMLButtonElement>('dialog button')].find((one) => one.textContent?.trim() === t('desk.do_dismissal'))!.click();
    await settled();
    expect(shown.text()).toContain('Laporan ini sudah ditangani.');
    shown.stop();
  });
});
