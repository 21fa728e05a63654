import { flushSync, tick } from 'svelte';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import BulkApproval from '../src/desk/bulk_approval.svelte';
import { approvalBar, deadlineOf, whoWords, type Account, type Claim } from '../src/desk/desk.svelte';
import { WORDS } from '../src/desk/desk_words';
import NoticeItem from '../src/desk/notice_item.svelte';
import { factsFrom, isOfDead, toldOf, wrongDays } from '../src/desk/told';
import ToldPage from '../src/desk/told_page.svelte';
import { codesIn } from '../src/lib/scheme_codes';
import type { Facts } from '../src/lib/report';
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
  vi.stubGlobal('fetch', async (url: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}) => {
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

const ACCIDENT: Facts = {
  kind: 'accident', on: '2026-02-02', outcome: 'partial_disability', months_unable: 2, days_unable: 5, doctor: 'dr. Ana', established_on: '2026-03-01',
  spent: [{ benefit: 'jkk-transport-sea', rupiah: 250_000, price: null }], disabilities: [{ code: 'thumb-left', loss_ppm: 500_000, assessed_ppm: null }],
  children: 1, pupils: [{ birth: '2015-08-17', level: 'elementary' }], heirs: [],
};

describe('what is told of a claim', () => {
  it.each<Facts>([
    ACCIDENT,
    { kind: 'death', on: '2026-03-10', children: 0, pupils: [], heirs: ['spouse', 'child'] },
    { kind: 'savings', on: '2026-03-10', reason: 'left_employer', left_on: '2026-01-31', asked: null, heirs: [] },
    { kind: 'savings', on: '2026-03-10', reason: 'housing', left_on: null, asked: 5_000_000, heirs: [] },
  ])('stays as it was when nothing is changed: %j', (facts) => {
    expect(factsFrom(toldOf({ facts, payees: [] } as unknown as Claim), facts)).toEqual(facts);
  });

  it('takes figures as people type them, and no wrong day for none', () => {
    const told = toldOf({ facts: ACCIDENT, payees: [] } as unknown as Claim);
    Object.assign(told, { months: '3', doctor: ' dr. Budi ', spent: [{ benefit: 'jkk-medical', rupiah: '1.250.000', price: '' }] });
    told.disabilities = [{ code: 'thumb-left', loss: '12,5', assessed: '40' }];
    Object.assign(told.days, { foundDay: '', foundMonth: '', foundYear: '' });
    expect(factsFrom(told, ACCIDENT)).toMatchObject({
      months_unable: 3, doctor: 'dr. Budi', established_on: null,
      spent: [{ benefit: 'jkk-medical', rupiah: 1_250_000, price: null }], disabilities: [{ code: 'thumb-left', loss_ppm: 125_000, assessed_ppm: 400_000 }],
    });
    expect(wrongDays('accident', told)).toEqual([]);
    Object.assign(told.days, { foundDay: '31', foundMonth: '2', onDay: '' });
    expect(wrongDays('accident', told)).toEqual(['on', 'found']);
    told.outcome = 'died';
    expect([isOfDead('accident', told), isOfDead('death', told), isOfDead('savings', told)]).toEqual([true, true, false]);
  });

  it('knows the codes of the scheme, each once', () => {
    const text = 'benefit\tjkk-medical\t0\nbenefit\tjkk-medical\t0\nbenefit\tjkm-funeral\t1\ndisability\tarm\t1\nlevel\tsd\t1\nlevels\tx\n';
    expect(codesIn(text)).toEqual({ spent: ['jkk-medical'], disabilities: ['arm'], levels: ['sd'] });
  });

  it('is sent whole and once, and a mistake is told before', async () => {
    const claim = claimOf('K1', { state: 'draft', kind: 'accident', facts: ACCIDENT, payees: [{ name: 'Siti', relation: null, institution: 'BRI', account: '12345', share_ppm: 1_000_000 }] });
    const asked = serverOf(({ path, method }) => (path.startsWith('/app/') ? { body: '' } : method === 'GET' ? { body: claim } : { status: 422, body: { rule: 'x', detail: 'Ada yang salah.' } }));
    const shown = show(ToldPage, { account: ME, number: 'K1', onlogin: vi.fn() });
    await settled();
    expect(await violations(shown.root)).toEqual([]);
    const submit = () => shown.find('form').dispatchEvent(new Event('submit', { cancelable: true }));
    const day = shown.find<HTMLInputElement>('#on-day');
    day.value = '40';
    day.dispatchEvent(new Event('input', { bubbles: true }));
    submit();
    await settled();
    expect(asked.some(({ method }) => method === 'PATCH')).toBe(false);
    expect(shown.text()).toContain(t('tell.wrong_day'));
    day.value = '3';
    day.dispatchEvent(new Event('input', { bubbles: true }));
    submit();
    submit();
    await settled();
    const sent = asked.filter(({ method }) => method === 'PATCH');
    expect(sent).toHaveLength(1);
    expect(sent[0]?.body).toMatchObject({ facts: { ...ACCIDENT, on: '2026-02-03' }, payees: claim.payees, hand_in: true });
    expect(shown.text()).toContain('Ada yang salah.');
    shown.stop();
  });

  it('is closed to who may only look, and once it is decided', async () => {
    serverOf(() => ({ body: claimOf('K1', { state: 'approved', kind: 'accident', facts: ACCIDENT }) }));
    const shown = show(ToldPage, { account: ME, number: 'K1', onlogin: vi.fn() });
    await settled();
    expect(shown.text()).toContain(t('desk.tell_closed'));
    expect(shown.root.querySelector('form')).toBeNull();
    shown.stop();
  });
});
