import { flushSync } from 'svelte';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { noticeBody, noticeProblems, PAGES, refusedFields } from '../src/lib/claim_notices';
import { findDraft, keepDraft } from '../src/lib/drafts';
import { codeGroups, dropCode, keepCode, keptCode, NOTICE_DRAFT, readCode } from '../src/lib/notice_code';
import { noticeStanding, takesPapers, type ClaimNotice } from '../src/lib/notice_state';
import type { Answers } from '../src/lib/report';
import { startRouter } from '../src/lib/router.svelte';
import { speakClaims, speakOwn, t } from '../src/lib/texts.svelte';
import { withDay } from '../src/lib/typed_day';
import NoticeFollow from '../src/worker/notice_follow.svelte';
import NoticeReport from '../src/worker/notice_report.svelte';
import { press, show, type, violations, type Mounted } from './mounted';

const TODAY = '2026-03-15';
const CODE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const TOLD: Answers = {
  kind: 'death', ...withDay('on', '2026-03-14'), name: ' Pak Darto ', number: '3372 0112 0380 0000', place: '', story: 'Sakit.\tLalu…\nmeninggal.',
  you: 'Tini', phone: '0812 7700 0001', relation: 'neighbour', key: 'k',
};
const paper = (code: string, brought: boolean) => ({ code, brought, name: { id: `Surat ${code}`, en: `Paper ${code}` }, why: { id: 'Supaya benar', en: 'So that it is right' } });
function noticeOf(more: Partial<ClaimNotice> = {}): ClaimNotice {
  return { notice_code: CODE, kind: 'death', on: '2026-03-14', state: 'received', received_at: '2026-03-15T02:00:00Z', reason_code: null, claim: null, ...more };
}
const takenUp = (state: string, ...papers: ReturnType<typeof paper>[]) =>
  noticeOf({ state: 'taken_up', claim: { state, due_on: '2026-03-20', papers_needed: papers } as NonNullable<ClaimNotice['claim']> });

let asked: { url: string; init: RequestInit }[] = [];
function serve(...replies: [status: number, body: unknown][]): void {
  asked = [];
  vi.stubGlobal('fetch', vi.fn(async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const reply = replies[Math.min(asked.length, replies.length) - 1];
    if (reply === undefined || reply[0] === 0) {
      throw new TypeError('failed');
    }
    return new Response(JSON.stringify(reply[1]), { status: reply[0] });
  }));
}
/** With the parts that come beside the page. */
async function showReport(): Promise<Mounted> {
  const page = show(NoticeReport, {});
  await vi.waitFor(() => {
    flushSync();
    page.find('.field, .code');
  });
  return page;
}
async function settled(page: Mounted): Promise<void> {
  await vi.waitFor(() => {
    flushSync();
    if (page.root.querySelector('[aria-busy]')) {
      throw new Error('busy');
    }
  });
}
const keyOf = (at: number) => (asked[at]?.init.headers as Record<string, string>)['Idempotency-Key'];
const sendForm = (page: Mounted) => press(page.find('button[type=submit]'));

let stop: () => void = () => undefined;
beforeAll(async () => {
  vi.stubGlobal('scrollTo', () => undefined);
  await speakOwn();
  await speakClaims();
});
beforeEach(() => {
  vi.stubGlobal('scrollTo', () => undefined);
  vi.setSystemTime(new Date(`${TODAY}T05:00:00Z`));
  stop = startRouter(() => undefined);
});
afterEach(() => {
  stop();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  sessionStorage.clear();
  location.hash = '';
});

function openAt(langkah: string): void {
  location.hash = `#/lapor-siapa-saja?langkah=${langkah}`;
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

describe('what anybody tells', () => {
  const fieldsOf = (answers: Answers) => PAGES.flatMap((page) => noticeProblems(page, answers, TODAY)).map((one) => one.field);
  it('needs little, and no day to come', () => {
    expect(fieldsOf({})).toEqual(['kind', 'on-day', 'name', 'you', 'phone', 'relation']);
    expect(fieldsOf(TOLD)).toEqual([]);
    expect(fieldsOf({ ...TOLD, number: '', place: '', story: '' })).toEqual([]);
    expect(fieldsOf({ ...TOLD, ...withDay('on', '2026-03-16'), number: '123', phone: '0812', name: ' ', relation: 'friend', kind: 'savings' })).toEqual(['kind', 'on-day', 'name', 'number', 'phone', 'relation']);
    expect(fieldsOf({ ...TOLD, number: 'tidak tahu' })).toEqual(['number']);
  });

  it('goes to the server without what is empty and without signs that are no text', () => {
    expect(noticeBody(TOLD)).toEqual({
      kind: 'death', on: '2026-03-14', member: { name: 'Pak Darto', nik: '3372011203800000' }, told: 'Sakit. Lalu…\nmeninggal.',
      reporter: { name: 'Tini', phone: '0812 7700 0001', relation: 'neighbour' },
    });
    expect(noticeBody({ ...TOLD, number: '362-0001-2301' }).member).toEqual({ name: 'Pak Darto', member_number: '36200012301' });
    expect(noticeBody({ ...TOLD, number: '', story: ' ' })).not.toHaveProperty('told');
  });

  it('is refused by field, once each', () => {
    const fields = [{ field: 'nik', words: 'a' }, { field: 'member_number', words: 'b' }, { field: 'phone', words: 'c' }, { field: 'new_one', words: 'd' }];
    expect(refusedFields({ rule: 'request.fields_wrong', words: '', fields }).map((one) => one.field)).toEqual(['number', 'phone']);
    expect(refusedFields({ rule: 'claim.event_before_scheme', words: 'x', fields: [] })).toEqual([{ field: 'on-day', words: 'x' }]);
    expect(refusedFields({ rule: 'notice.text_malformed', words: 'x', fields: [] })).toEqual([]);
  });
});

describe('its code', () => {
  it('is read as people write it', () => {
    expect(readCode(' abcd efgh-ijkl mnop qrst uvwx yz ')).toBe(CODE);
    expect(readCode(CODE.replace('O', '0').replace('I', '1').replace('B', '8'))).toBe(CODE);
    expect([readCode(''), readCode(CODE.slice(1)), readCode(`${CODE}A`), readCode(CODE.replace('A', '9'))]).toEqual([undefined, undefined, undefined, undefined]);
    expect(codeGroups(CODE)).toEqual(['ABCD', 'EFGH', 'IJKL', 'MNOP', 'QRST', 'UVWX', 'YZ']);
  });

  it('is forgotten wherever it lay, and nothing else is', () => {
    keepCode(CODE);
    keepDraft(NOTICE_DRAFT, { code: CODE });
    dropCode();
    expect([keptCode(), findDraft(NOTICE_DRAFT)]).toEqual(['', {}]);
    keepDraft(NOTICE_DRAFT, { name: 'Darto' });
    dropCode();
    expect(findDraft(NOTICE_DRAFT)).toEqual({ name: 'Darto' });
  });
});

describe('how far it is', () => {
  it('is said in plain words', () => {
    const wordsOf = (notice: ClaimNotice) => noticeStanding(notice).words;
    expect(wordsOf(noticeOf())).toBe(t('notice.received'));
    const reasons = (['member_unknown', 'told_already', 'not_an_event', 'not_genuine', 'other', null] as const).map((reason_code) => noticeStanding(noticeOf({ state: 'dismissed', reason_code })).text);
    expect(reasons).toHaveLength(6);
    expect(reasons.every((words) => !words.startsWith('notice.'))).toBe(true);
    expect([wordsOf(takenUp('reported', paper('a', false))), wordsOf(takenUp('reported', paper('a', true))), wordsOf(takenUp('complete', paper('a', false)))]).toEqual([
      t('state.lacking'), t('state.checking'), t('state.deciding'),
    ]);
    expect([takesPapers(noticeOf()), takesPapers(takenUp('reported')), takesPapers(takenUp('paid'))]).toEqual([false, true, false]);
  });
});

describe('the page of telling', () => {
  it('asks the first open page, whatever the address says', async () => {
    openAt('pelapor');
    const page = await showReport();
    expect(page.find('h1').textContent).toBe(t('notice.title'));
    sendForm(page);
    expect(page.text()).toContain(t('tell.wrong_day'));
    expect(await violations(page.root)).toEqual([]);
    page.stop();
  });

  it('sends once, again under the same key when the line was cut, and keeps the code alone', async () => {
    keepDraft(NOTICE_DRAFT, TOLD);
    openAt('pelapor');
    serve([0, null], [201, noticeOf()]);
    const page = await showReport();
    expect(await violations(page.root)).toEqual([]);
    sendForm(page);
    sendForm(page);
    await settled(page);
    expect(asked).toHaveLength(1);
    expect(page.text()).toContain(t('own.offline'));
    expect(findDraft(NOTICE_DRAFT).name).toBe(TOLD.name);
    sendForm(page);
    await settled(page);
    expect([keyOf(0), keyOf(1)]).toEqual(['k', 'k']);
    await vi.waitFor(() => expect(page.text()).toContain('ABCD EFGH IJKL MNOP QRST UVWX YZ'));
    flushSync();
    expect([findDraft(NOTICE_DRAFT), keptCode()]).toEqual([{ code: CODE }, CODE]);
    expect(JSON.stringify({ ...sessionStorage, ...localStorage })).not.toMatch(/3372|Darto|0812/);
    expect(location.hash).not.toContain('ABCD');
    expect(await violations(page.root)).toEqual([]);
    page.stop();
    const again = await showReport();
    expect(again.text()).toContain('ABCD EFGH');
    again.stop();
  });

  it('is another report after another answer', async () => {
    keepDraft(NOTICE_DRAFT, TOLD);
    openAt('pelapor');
    serve([0, null]);
    const page = await showReport();
    sendForm(page);
    await settled(page);
    type(page.find<HTMLInputElement>('#phone'), '0812 7700 0002');
    sendForm(page);
    await settled(page);
    expect([keyOf(0), keyOf(1)?.length]).toEqual(['k', 32]);
    page.stop();
  });

  it('leads back to what the server did not take', async () => {
    keepDraft(NOTICE_DRAFT, TOLD);
    openAt('pelapor');
    serve([422, { rule: 'request.fields_wrong', detail: 'Salah.', errors: [{ pointer: '/member/nik', detail: 'NIK ini keliru.' }] }]);
    const page = await showReport();
    sendForm(page);
    await vi.waitFor(() => {
      flushSync();
      expect(page.find('h1').textContent).toBe(t('notice.who'));
    });
    expect(page.find('#number-problem').textContent).toBe('NIK ini keliru.');
    page.stop();
  });
});

describe('the page of following', () => {
  async function follow(notice: ClaimNotice): Promise<Mounted> {
    keepCode('abcd efgh ijkl mnop qrst uvwx yz');
    serve([200, notice]);
    const page = show(NoticeFollow, {});
    await vi.waitFor(() => {
      flushSync();
      page.find('.standing');
    });
    return page;
  }

  it('asks for the code, and says when nobody knows it', async () => {
    serve([404, { rule: 'notice.unknown', detail: 'x' }]);
    const page = show(NoticeFollow, {});
    sendForm(page);
    expect([page.find('#code-problem').textContent, asked.length]).toEqual([t('notice.code_wrong'), 0]);
    type(page.find<HTMLInputElement>('#code'), CODE.toLowerCase());
    sendForm(page);
    await settled(page);
    expect([page.find('#code-problem').textContent, asked[0]?.url]).toEqual([t('notice.unknown'), `/v1/claim_notices/${CODE}`]);
    expect(await violations(page.root)).toEqual([]);
    page.stop();
  });

  it('shows each paper with why and a way to bring it, until it is decided', async () => {
    const open = await follow(takenUp('reported', paper('a', true), paper('b', false)));
    await vi.waitFor(() => {
      flushSync();
      open.find('li');
    });
    expect(open.text()).toContain('Supaya benar');
    expect(open.root.querySelectorAll('input[type=file]').length).toBe(4);
    expect(await violations(open.root)).toEqual([]);
    open.stop();
    const decided = await follow(takenUp('approved', paper('a', true)));
    expect([decided.root.querySelector('input'), decided.text().includes('20 Maret 2026')]).toEqual([null, true]);
    press([...decided.root.querySelectorAll('button')].at(-1) as HTMLElement);
    expect([keptCode(), decided.root.querySelector('#code') !== null]).toEqual(['', true]);
    decided.stop();
  });

  it('says why it goes no further', async () => {
    const page = await follow(noticeOf({ state: 'dismissed', reason_code: 'told_already' }));
    expect(page.text()).toContain(t('notice.dismissed_told_already'));
    expect(await violations(page.root)).toEqual([]);
    page.stop();
  });
});
