import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask } from '../src/lib/api';
import { askBill, choiceOf, choicesOf, isBill, type Bill } from '../src/lib/bill';
import { hasEntered, noteEntered } from '../src/lib/entered.svelte';
import { enter, hasEnded, leave, own, ownFailure, refreshOwn } from '../src/lib/own.svelte';
import { speak, speakOwn } from '../src/lib/texts.svelte';
import { didWords, roleWords } from '../src/worker/looks';
import { boughtWords, monthAfter } from '../src/worker/receipts';

type Reply = [status: number, body: unknown, headers?: Record<string, string>];
let asked: { url: string; init: RequestInit }[] = [];

/** The server's answers by "METHOD path"; what is not there is not reached. */
function serve(replies: Record<string, Reply>): void {
  asked = [];
  vi.stubGlobal('fetch', vi.fn(async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const reply = replies[`${init.method} ${url}`];
    if (reply === undefined) {
      throw new TypeError('failed');
    }
    const [status, body, headers] = reply;
    return new Response(status === 204 ? null : JSON.stringify(body), { status, headers });
  }));
}

const MEMBER = { member_number: '36200012301', bill_code: '362000123019' };
const OWN: Record<string, Reply> = {
  'GET /v1/account': [200, { kind: 'worker', id: 7 }],
  'GET /v1/people/7': [200, { name: 'Siti', memberships: [MEMBER] }, { ETag: '"a"' }],
  'GET /v1/people/7/coverage': [200, { state: 'active', months_paid: [] }],
};

beforeEach(() => noteEntered(false));
afterEach(() => {
  vi.unstubAllGlobals();
  localStorage.clear();
});

describe('ask', () => {
  it('speaks the language of the page and sends a key with what is added', async () => {
    await speak('en');
    serve({ 'POST /v1/worker-codes': [202, { expires_in: 600, detail: 'On its way' }] });
    const outcome = await ask('post', '/v1/worker-codes', { body: { phone: '0812' } });
    expect(outcome.kind).toBe('done');
    const headers = asked[0]?.init.headers as Record<string, string>;
    expect(headers['Accept-Language']).toBe('en');
    expect(headers['Idempotency-Key']).toMatch(/^[0-9a-f]{32}$/);
    await speak('id');
  });

  it('tells what was refused, in the server’s words and field by field', async () => {
    serve({ 'PATCH /v1/people/7': [422, { rule: 'request.fields_wrong', detail: 'Salah.', errors: [{ pointer: '/language', detail: 'Bahasa?' }] }] });
    const outcome = await ask('patch', '/v1/people/{person_id}', { at: { person_id: 7 }, body: { language: 'x' }, match: '"a"' });
    expect(outcome).toEqual({ kind: 'refused', status: 422, rule: 'request.fields_wrong', words: 'Salah.', fields: [{ field: 'language', words: 'Bahasa?' }] });
    expect((asked[0]?.init.headers as Record<string, string>)['If-Match']).toBe('"a"');
  });

  it('knows waiting, being logged out, and nobody there', async () => {
    serve({
      'GET /v1/account': [401, { rule: 'login.required', detail: 'Masuk dulu.' }],
      'POST /v1/worker-codes': [429, { rule: 'login.too_many_attempts', detail: 'Tunggu.' }, { 'Retry-After': '90' }],
      'POST /v1/worker-sessions': [401, { rule: 'worker_code.wrong', detail: 'Kode tidak cocok.' }],
      'GET /v1/scheme': [503, {}],
    });
    expect(await ask('get', '/v1/account')).toEqual({ kind: 'login' });
    expect(await ask('post', '/v1/worker-codes', { body: {} })).toEqual({ kind: 'wait', seconds: 90, words: 'Tunggu.' });
    expect(await ask('post', '/v1/worker-sessions', { body: {} })).toMatchObject({ kind: 'refused', words: 'Kode tidak cocok.' });
    expect(await ask('get', '/v1/scheme')).toEqual({ kind: 'offline' });
    expect(await ask('get', '/v1/branches')).toEqual({ kind: 'offline' });
  });
});

describe('own', () => {
  it('is asked for once she is in, and gone when she leaves', async () => {
    serve({ ...OWN, 'DELETE /v1/sessions/current': [204, null] });
    await enter();
    expect([own()?.id, own()?.person.name, own()?.version, own()?.membership.bill_code]).toEqual([7, 'Siti', '"a"', MEMBER.bill_code]);
    expect(JSON.stringify(localStorage)).not.toMatch(/Siti|362000123/);
    await leave();
    expect([own(), hasEntered(), hasEnded()]).toEqual([undefined, false, false]);
  });

  it('stays when the server cannot be reached, and says so', async () => {
    serve(OWN);
    await enter();
    serve({});
    await refreshOwn();
    expect([own()?.person.name, ownFailure()?.kind]).toEqual(['Siti', 'offline']);
    expect((await leave()).kind).toBe('offline');
    expect(hasEntered()).toBe(true);
  });

  it('is over with the session', async () => {
    serve(OWN);
    await enter();
    serve({
      'GET /v1/people/7': [401, { rule: 'login.token_unknown', detail: '' }],
      'GET /v1/people/7/coverage': [401, { rule: 'login.token_unknown', detail: '' }],
    });
    await refreshOwn();
    expect([own(), hasEntered(), hasEnded()]).toEqual([undefined, false, true]);
  });

  it('is the other’s when another has logged in in another tab', async () => {
    serve(OWN);
    await enter();
    const gone: Reply = [404, { rule: 'member.unknown', detail: 'Tidak dikenal.' }];
    serve({
      'GET /v1/people/7': gone,
      'GET /v1/people/7/coverage': gone,
      'GET /v1/account': [200, { kind: 'worker', id: 8 }],
      'GET /v1/people/8': [200, { name: 'Budi', memberships: [MEMBER] }],
      'GET /v1/people/8/coverage': [200, { state: 'grace', months_paid: [] }],
    });
    await refreshOwn();
    expect([own()?.id, own()?.person.name]).toEqual([8, 'Budi']);
  });

  it('is nobody’s when staff use the same browser', async () => {
    serve({ ...OWN, 'GET /v1/account': [200, { kind: 'staff-user', id: 7 }] });
    await enter();
    expect([own(), hasEntered()]).toEqual([undefined, false]);
    expect(asked.map(({ url }) => url)).toEqual(['/v1/account']);
  });
});

describe('bill', () => {
  const row = (month: string, total: number, full: number) => ({ month, total, full, programmes: {} });
  const BILL: Bill = {
    ...MEMBER, total: 9, credit: 5, to_pay: 4, due: null,
    months: [row('2026-04', 3, 6), row('2026-05', 3, 6), row('2026-06', 6, 6)],
  };
  const TOO_MANY: Reply = [422, { rule: 'bill.months_out_of_range', detail: 'Terlalu jauh.' }];
  const at = (months: number) => `GET /v1/people/7/bill?months=${months}`;

  it('adds up the server’s rows', () => {
    expect(choiceOf(BILL, 1)).toEqual({ months: 1, toPay: 0, saved: 3, first: '2026-04', last: '2026-04' });
    expect(choiceOf(BILL, 3)).toEqual({ months: 3, toPay: 7, saved: 6, first: '2026-04', last: '2026-06' });
    expect(choicesOf(BILL, 1).map((one) => one.months)).toEqual([1, 2, 3]);
  });

  it('offers nothing that does not bring her back in', () => {
    expect(choicesOf(BILL, 2).map((one) => one.months)).toEqual([2, 3]);
  });

  it('asks for fewer months when so many are not sold', async () => {
    serve({ [at(12)]: TOO_MANY, [at(6)]: TOO_MANY, [at(3)]: [200, BILL] });
    const answer = await askBill(7, 1);
    expect(isBill(answer) && answer.months.length).toBe(3);
    expect(asked.length).toBe(3);
  });

  it('says why there is none', async () => {
    serve({ [at(12)]: [409, { rule: 'payment.membership_ended', detail: 'Sudah berakhir.' }] });
    expect(await askBill(7, 1)).toMatchObject({ kind: 'refused', words: 'Sudah berakhir.' });
    expect(asked.length).toBe(1);
  });
});

describe('words', () => {
  beforeEach(() => speakOwn());

  it('say who looked, also when the app does not know the role yet', async () => {
    await speak('id');
    expect([roleWords('branch-staff'), roleWords('kepala-desa')]).toEqual(['Petugas kantor cabang', 'Seseorang yang tidak kami kenal']);
    expect([didWords('person:read'), didWords('x:y')]).toEqual(['Melihat data', 'Melihat data']);
  });

  it('say what a payment bought', () => {
    const payment = { partner: 'pos', reference: 'A', status: 'posted', amount: 1, paid_at: '', posted_at: '' } as const;
    expect(boughtWords({ ...payment, first_month: '2026-11', months: 3 })).toBe('Melindungi November 2026 – Januari 2027');
    expect(boughtWords({ ...payment, first_month: null, months: 0 })).toBe('Disimpan untuk iuran berikutnya');
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', 0)]).toEqual(['2027-01', '2026-01']);
  });
});
