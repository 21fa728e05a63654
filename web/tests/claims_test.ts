import { Blob as NodeBlob } from 'node:buffer';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newKey } from '../src/lib/api';
import { benefitName, withheldWords, workingOf } from '../src/lib/claim_amounts';
import { decidedNet, lacks, obstacles, refusalOf, standingOf, stepsDone, type Claim, type ClaimDetail } from '../src/lib/claims';
import { dropAllDrafts, findDraft, keepDraft } from '../src/lib/drafts';
import { fitted, kindOf, readPaper } from '../src/lib/paper_file';
import { answersOf, factsOf, firstOpen, noteOf, payeesOf, problemsOf, stepsOf, type Answers } from '../src/lib/report';
import { speakAlso, speakClaims, speakOwn, t } from '../src/lib/texts.svelte';
import { dayOf, withDay } from '../src/lib/typed_day';
import ClaimMoney from '../src/worker/claim_money.svelte';
import ClaimOverview from '../src/worker/claim_overview.svelte';
import ClaimPapers from '../src/worker/claim_papers.svelte';
import ClaimTold from '../src/worker/claim_told.svelte';
import ReportSummary from '../src/worker/report_summary.svelte';
import type { Own } from '../src/lib/own.svelte';
import { show, violations } from './mounted';

beforeAll(async () => {
  await speakOwn();
  await speakClaims();
});
afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

const TODAY = '2026-03-15';
const MINE = { id: 7, person: { name: 'Siti' }, membership: { branch_name: 'Surakarta' } } as unknown as Own;
const paper = (code: string, brought: boolean) => ({ code, brought, name: { id: `Surat ${code}`, en: `Paper ${code}` }, why: { id: 'Supaya benar', en: 'So that it is right' } });
const finding = (kind: string, rule: string, detail = '') => ({ kind, rule, detail, words: `server: ${rule}` });
function claimOf(more: Record<string, unknown> = {}): ClaimDetail {
  return {
    claim_number: 'K000000007012', person_id: 7, kind: 'accident', state: 'reported', event_on: '2026-03-01', begun_at: '2026-03-02T02:00:00Z',
    complete_on: null, due_on: null, gross: 0, tax: 0, net: 0, name: 'Siti', facts: { kind: 'accident', on: '2026-03-01', outcome: 'recovered', months_unable: 1, days_unable: 0, spent: [], heirs: [], children: 0, disabilities: [] },
    payees: [{ name: 'Siti', relation: null, institution: 'BRI', account: '1234567890', share_ppm: 1_000_000 }],
    findings: [], papers_needed: [paper('a', true), paper('b', false)], papers: [{ paper_no: 1, code: 'a', media_type: 'image/png', bytes: 5, added_at: '2026-03-02T02:00:00Z' }],
    lines: [{ programme: 'JKK', benefit: 'jkk-stmb-months-1-6', detail: '', amount: 1_000_000, working: 'base 1000000 share 1000000 months 1' }],
    withheld: [{ benefit: 'jkm-scholarship-once', rule: 'entitlement.too_few_months' }],
    steps: [{ state: 'reported', at: '2026-03-02T02:00:00Z', by: { kind: 'worker', id: 7 }, reason_code: '', note: 'Jatuh dari <b>tangga</b>.' }], payouts: [],
    ...more,
  } as unknown as ClaimDetail;
}

describe('claims', () => {
  it('say whose turn it is', () => {
    const lacking = claimOf({ findings: [finding('missing', 'check.papers', 'b'), finding('missing', 'check.papers', 'c'), finding('missing', 'check.payee')] });
    expect([standingOf(lacking, lacking).word, standingOf(lacking).word, lacks(lacking)]).toEqual(['lacking', 'checking', ['papers', 'payee']]);
    const mended = claimOf({ state: 'returned', steps: [{ state: 'returned', reason_code: 'payees_changed', by: {} }] });
    expect([standingOf(mended).turn, standingOf(mended, mended).turn]).toEqual(['you', 'office']);
    const turns = (['draft', 'complete', 'proposed', 'approved', 'refused', 'paying', 'paid', 'withdrawn'] as const).map((state) => standingOf(claimOf({ state })).turn);
    expect(turns).toEqual(['you', 'office', 'office', 'office', 'you', 'bank', 'nobody', 'nobody']);
  });

  it('promise no money before it is decided', () => {
    const net = (state: Claim['state']) => decidedNet(claimOf({ state, net: 5 }));
    expect([net('proposed'), net('refused'), net('approved'), net('returned'), net('paid')]).toEqual([0, 0, 5, 5, 5]);
    expect([stepsDone(claimOf({ state: 'draft' })), stepsDone(claimOf({ state: 'proposed' })), stepsDone(claimOf({ state: 'paid' }))]).toEqual([0, 2, 4]);
  });

  it('say in words of the page what stands in the way, each once, and the server’s where it has none', () => {
    const blocked = claimOf({ findings: [
      finding('obstacle', 'check.covered', 'arrears_open'), finding('obstacle', 'check.amount', 'savings.too_young'),
      finding('obstacle', 'check.same_event'), finding('obstacle', 'check.new_one'), finding('obstacle', 'check.new_one'), finding('passed', 'check.too_late'),
    ] });
    expect(obstacles(blocked)).toEqual([t('claim.block_arrears'), t('claim.none_too_young'), t('claim.block_same_event'), 'server: check.new_one']);
  });

  it('explain a refusal by its last reason', () => {
    const steps = [{ state: 'refused', reason_code: 'too_late', note: 'a' }, { state: 'reported', note: '' }, { state: 'refused', reason_code: 'brand_new', note: 'b' }];
    expect(refusalOf(claimOf({ steps }))).toEqual({ words: t('claim.refused_other'), note: 'b' });
  });

  it('read a working term by term, and leave out what nobody knows', () => {
    const line = (working: string) => ({ programme: 'JKK', benefit: 'x', detail: '', amount: 1, working }) as const;
    expect(workingOf(line('base 1000000 share 800000 months 2 moon 5 at-most'))).toEqual([
      { name: t('work.base'), value: 'Rp\u00a01.000.000' }, { name: t('work.share'), value: '80\u00a0%' }, { name: t('work.months'), value: '2' },
    ]);
    expect(workingOf(line(''))).toEqual([]);
    expect([benefitName('jkk-stmb-months-7-12'), benefitName('tax'), benefitName('new-one')]).toEqual([t('get.stmb'), t('line.tax'), 'new-one']);
    expect(withheldWords('entitlement.no_child')).toBe(t('claim.withheld_child'));
    expect(workingOf(line('first_month 202605 last_month 202606 months 2 credit 30')).map(({ value }) => value)).toEqual(['Mei 2026', 'Juni 2026', '2', 'Rp\u00a030']);
    expect(workingOf(line('first_month x'))).toEqual([]);
    expect(['scholarship', 'paid-before', 'refund', 'credit'].map(benefitName)).toEqual([t('get.scholarship'), t('line.paid_before'), t('line.refund'), t('line.credit')]);
    expect(withheldWords('refund.by_agreement')).toBe(t('claim.withheld_by_agreement'));
  });
});

describe('a report', () => {
  const ACCIDENT: Answers = {
    kind: 'accident', ...withDay('on', '2026-03-05'), way: 'road', place: 'Pasar', story: 'Jatuh.', after: 'recovered', months: '1', days: '5',
    cost: '350000', ride: 'sea', pay: 'now', payees: JSON.stringify([{ name: ' Siti ', relation: '', institution: 'BRI', account: '12 34-567.a', percent: '' }]),
  };

  it('asks what its kind needs, and begins at what is open', () => {
    expect(stepsOf({ kind: 'savings', reason: 'left_employer' })).toEqual(['jenis', 'alasan', 'keluar', 'bayar', 'periksa']);
    expect(stepsOf({ kind: 'savings', reason: 'housing' })).toContain('jumlah');
    expect(stepsOf({ kind: 'savings', reason: 'death' })).toContain('waris');
    expect([firstOpen({}, TODAY), firstOpen({ kind: 'accident' }, TODAY), firstOpen(ACCIDENT, TODAY)]).toEqual(['jenis', 'hari', 'periksa']);
    expect(firstOpen({ ...ACCIDENT, ride: '' }, TODAY)).toBe('ongkos');
  });

  it('takes only days there are, and none to come', () => {
    const day = (Day: string, Month: string, Year: string) => ({ onDay: Day, onMonth: Month, onYear: Year });
    expect([dayOf(day('5', '3', '2026'), 'on'), dayOf(day('31', '2', '2026'), 'on'), dayOf(day('5', '3', '26'), 'on'), dayOf({}, 'on')]).toEqual(['2026-03-05', undefined, undefined, undefined]);
    expect(problemsOf('hari', day('15', '3', '2026'), TODAY)).toEqual([]);
    expect(problemsOf('hari', day('16', '3', '2026'), TODAY)[0]?.words).toBe(t('tell.wrong_future'));
  });

  it('tells the server what was answered', () => {
    expect(factsOf(ACCIDENT, TODAY)).toEqual({
      kind: 'accident', on: '2026-03-05', children: 0, heirs: [], outcome: 'recovered', disabilities: [],
      spent: [{ benefit: 'jkk-transport-sea', rupiah: 350_000, price: null }], months_unable: 1, days_unable: 5,
    });
    expect(payeesOf(ACCIDENT)).toEqual([{ name: 'Siti', relation: null, institution: 'BRI', account: '1234567A', share_ppm: 1_000_000 }]);
    expect(noteOf(ACCIDENT)).toBe(`${t('tell.way_road')}\nPasar\nJatuh.`);
    const died: Answers = { kind: 'death', cause: 'work', ...withDay('on', '2026-03-05'), heirs: 'spouse,child', children: '2' };
    expect(factsOf(died, TODAY)).toMatchObject({ kind: 'accident', outcome: 'died', heirs: ['spouse', 'child'], children: 2 });
    expect(factsOf({ kind: 'savings', reason: 'housing', much: 'less', asked: '5000000' }, TODAY)).toMatchObject({ on: TODAY, asked: 5_000_000, left_on: null });
    expect(factsOf({ kind: 'savings', reason: 'age', much: 'less', asked: '5' }, TODAY).asked).toBeNull();
  });

  it('shares among several must be the whole', () => {
    const of = (...percents: string[]) => problemsOf('bayar', {
      kind: 'death', pay: 'now', payees: JSON.stringify(percents.map((percent) => ({ name: 'A', relation: 'child', institution: 'BRI', account: '12345', percent }))),
    }, TODAY).map((one) => one.field);
    expect([of('50', '50'), of('33,3333', '33,3333', '33,3334'), of('50', '49'), of('100', '0'), of('x', '50')]).toEqual([[], [], ['payee-share-0'], ['payee-share-0'], ['payee-share-0']]);
  });

  it('changes only what she changed of what officers found', () => {
    const found = claimOf({ facts: {
      kind: 'accident', on: '2026-03-01', outcome: 'partial_disability', disabilities: [{ code: 'thumb-right' }], months_unable: 2, days_unable: 0, children: 1, heirs: [],
      spent: [{ benefit: 'jkk-glasses', rupiah: 900, price: null }, { benefit: 'jkk-transport-land', rupiah: 100, price: null }],
    } });
    const answers = { ...answersOf(found), months: '3' };
    expect(factsOf(answers, TODAY, found.facts)).toEqual({ ...found.facts, months_unable: 3 });
    expect(firstOpen(answers, TODAY)).toBe('periksa');
    expect(stepsOf(answers)).not.toContain('jenis');
  });
});

describe('papers', () => {
  // That of jsdom cannot be read.
  const blob = (...parts: (string | Uint8Array)[]) => new NodeBlob(parts) as unknown as Blob;
  it('are told by their own bytes', async () => {
    expect([kindOf(new Uint8Array([0xff, 0xd8, 0xff, 0xe0])), kindOf(new TextEncoder().encode('%PDF-1.4')), kindOf(new TextEncoder().encode('<svg'))]).toEqual(['jpeg', 'pdf', undefined]);
    expect([await readPaper(blob()), await readPaper(blob('<svg>'))]).toEqual(['empty', 'type']);
    const pdf = (size: number) => blob('%PDF-1.4 ', new Uint8Array(size));
    expect(await readPaper(pdf(10 * 1024 * 1024))).toBe('large');
    expect(await readPaper(pdf(100))).toHaveProperty('bytes.size', 109);
  });

  it('are drawn no larger than they are', () => {
    expect([fitted(4000, 3000, 2000), fitted(100, 50, 2000), fitted(9000, 1, 2000)]).toEqual([[2000, 1500], [100, 50], [2000, 1]]);
  });
});

describe('drafts', () => {
  it('of all kinds are gone when she leaves', () => {
    keepDraft('jaring.lapor.7.0', { key: newKey(), story: 'x' });
    sessionStorage.setItem('other', '1');
    dropAllDrafts();
    expect([findDraft('jaring.lapor.7.0'), sessionStorage.getItem('other')]).toEqual([{}, '1']);
  });
});

describe('words', () => {
  it('asked for by two pages at once are all spoken', async () => {
    // Fetched once, slowly; then it is there, as a module is.
    let wait = 20;
    const slowly = (key: string) => async () => {
      const now = wait;
      wait = 0;
      await new Promise((resolve) => setTimeout(resolve, now));
      return { default: { [key]: key } };
    };
    const filesOf = (key: string) => ({ id: slowly(key), en: slowly(key), jv: slowly(key), su: slowly(key), mad: slowly(key) });
    await Promise.all([speakAlso(filesOf('app.home')), speakAlso(filesOf('app.back'))]);
    expect([t('app.home'), t('app.back')]).toEqual(['app.home', 'app.back']);
  });
});

describe('pages of a claim', () => {
  const props = (more = {}) => ({ claim: claimOf(more), at: 1, mine: MINE, onchange: () => undefined });
  it('say what is missing and what to do', async () => {
    const page = show(ClaimOverview, props({ findings: [finding('missing', 'check.papers', 'b')] }));
    expect(page.text()).toContain(t('claim.lack_papers', { n: 1 }));
    expect(page.find<HTMLAnchorElement>('.button.main').getAttribute('href')).toBe('#/klaim-ini?ke=1&lihat=surat');
    expect(page.text()).toContain('Surakarta');
    expect(await violations(page.root)).toEqual([]);
  });

  it('show no figure of a proposal as decided', () => {
    const text = show(ClaimOverview, props({ state: 'proposed', net: 9, due_on: '2026-03-20' })).text();
    expect([text.includes(t('claim.net')), text.includes(t('claim.about')), text.includes('20 Maret 2026')]).toEqual([false, true, true]);
  });

  it('show papers with why, and take none once it is decided', async () => {
    const open = show(ClaimPapers, props());
    expect(open.text()).toContain('Supaya benar');
    expect(open.root.querySelectorAll('input[type=file]').length).toBe(4);
    expect(await violations(open.root)).toEqual([]);
    expect(show(ClaimPapers, props({ state: 'paid' })).root.querySelector('input')).toBeNull();
  });

  it('show the working, what is not given, and to whom it went', async () => {
    const payouts = [{ reference: 'P', payee: 1, state: 'paid', amount: 1_000_000, penalty: 5_000, paid_on: '2026-03-20' }];
    const page = show(ClaimMoney, props({ state: 'paid', net: 1_000_000, payouts }));
    for (const words of [t('get.stmb'), t('work.base'), t('claim.withheld_months'), 'BRI 1234567890', 'Rp\u00a01.005.000', '20 Maret 2026']) {
      expect(page.text()).toContain(words.replaceAll('\u00a0', ' '));
    }
    expect(await violations(page.root)).toEqual([]);
  });

  it('show what people wrote as text', async () => {
    const page = show(ClaimTold, props());
    expect(page.find('blockquote').textContent).toBe('Jatuh dari <b>tangga</b>.');
    expect(await violations(page.root)).toEqual([]);
  });

  it('show every answer with a way back to it', async () => {
    const answers: Answers = { kind: 'death', cause: 'other', ...withDay('on', '2026-03-05'), story: 'Sakit.', heirs: 'spouse', pay: 'later' };
    const page = show(ReportSummary, { answers, at: (step: string) => `#/lapor?langkah=${step}`, isChange: false });
    expect([...page.root.querySelectorAll('a')].map((one) => one.getAttribute('href')?.split('=')[1])).toEqual(['jenis', 'hari', 'sebab', 'cerita', 'waris', 'bayar']);
    expect(page.text()).toContain('5 Maret 2026');
    expect(await violations(page.root)).toEqual([]);
  });
});
