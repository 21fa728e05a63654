import { afterEach, describe, expect, it, vi } from 'vitest';
import { askCover } from '../src/lib/cover';
import { dropDraft, findDraft, keepDraft } from '../src/lib/drafts';
import { day, lastDay, money, month, monthSpan, percent, today } from '../src/lib/figures';
import { link, parsePlace } from '../src/lib/router.svelte';
import { firstLanguage, speak, t } from '../src/lib/texts.svelte';

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
  localStorage.clear();
});

describe('figures', () => {
  it('follow the language', async () => {
    await speak('en');
    expect([money(16_800), day('2026-03-05'), percent(56_300)]).toEqual(['Rp\u00a016,800', '5 March 2026', '5.63\u00a0%']);
    await speak('mad'); // No data of its own: as in Indonesian.
    expect([money(16_800), month('2026-05'), percent(500_000)]).toEqual(['Rp\u00a016.800', 'Mei 2026', '50\u00a0%']);
    await speak('id');
    expect(monthSpan('2026-11', '2027-01')).toBe('November 2026 – Januari 2027');
    expect(monthSpan('2026-03', '2026-05')).toBe('Maret – Mei 2026');
    expect(monthSpan('2026-03', '2026-03')).toBe('Maret 2026');
  });

  it('know the days of Jakarta', () => {
    expect(today(Date.parse('2026-03-14T16:59:59Z'))).toBe('2026-03-14');
    expect(today(Date.parse('2026-03-14T17:00:00Z'))).toBe('2026-03-15');
    expect([lastDay('2026-02'), lastDay('2028-02'), lastDay('2026-12')]).toEqual(['2026-02-28', '2028-02-29', '2026-12-31']);
  });
});

describe('texts', () => {
  it('are filled in as text', () => {
    expect(t('app.step', { n: '<b>', all: 3 })).toBe('<b> dari 3');
    expect(t('app.step', {})).toBe('{n} dari {all}');
  });

  it('begin with what the link says, then what was chosen', () => {
    expect(firstLanguage('?lang=su')).toBe('su');
    expect(firstLanguage('?lang=xx')).toBe('id');
    localStorage.setItem('jaring.language', 'jv');
    expect(firstLanguage('')).toBe('jv');
  });
});

describe('router', () => {
  it('reads what it writes', () => {
    const place = parsePlace(link('manfaat', { kerja: 'rice-farmer', tingkat: 3, paket: undefined, x: 'a&b=c' }));
    expect(place.page).toBe('manfaat');
    expect([...place.choices]).toEqual([['kerja', 'rice-farmer'], ['tingkat', '3'], ['x', 'a&b=c']]);
    expect(parsePlace('').page).toBe('');
    expect(parsePlace('#/cek').page).toBe('cek');
  });
});

describe('drafts', () => {
  it('are kept for ten minutes and in this tab only', () => {
    keepDraft('a', { nik: '33' }, 1_000);
    expect(findDraft('a', 1_000 + 599_000)).toEqual({ nik: '33' });
    expect(findDraft('a', 1_000 + 601_000)).toEqual({});
    expect(sessionStorage.length).toBe(0);
    keepDraft('a', { nik: '33' });
    keepDraft('a', { nik: '' });
    expect(sessionStorage.length).toBe(0);
    keepDraft('a', { nik: '1' });
    dropDraft('a');
    expect(findDraft('a')).toEqual({});
  });
});

describe('am I covered', () => {
  const question = { nik: '3372015708850000', day: '17', month: '8', year: '1985' };
  const answering = (status: number, body: unknown, headers = {}) =>
    vi.stubGlobal('fetch', vi.fn(async (_: string, init: RequestInit) =>
      init.method === 'HEAD' ? new Response() : new Response(JSON.stringify(body), { status, headers })));

  it('gives the server’s words field by field', async () => {
    answering(422, { errors: [{ pointer: '/birth', detail: 'Salah.' }] });
    expect(await askCover(question, 'id')).toEqual({ kind: 'refused', problems: [{ field: 'birth', words: 'Salah.' }] });
  });

  it('says how long to wait', async () => {
    answering(429, {}, { 'Retry-After': '300' });
    expect(await askCover(question, 'id')).toEqual({ kind: 'wait', seconds: 300 });
  });

  it('is offline when nobody answers, or not with sense', async () => {
    vi.stubGlobal('fetch', vi.fn(async () => { throw new TypeError('failed'); }));
    expect(await askCover(question, 'id')).toEqual({ kind: 'offline' });
    answering(503, {});
    expect(await askCover(question, 'id')).toEqual({ kind: 'offline' });
    vi.stubGlobal('fetch', vi.fn(async () => new Response('<html>', { status: 200 })));
    expect(await askCover(question, 'id')).toEqual({ kind: 'offline' });
  });

  it('never puts the NIK into an address', async () => {
    answering(200, { state: 'active' });
    await askCover(question, 'id');
    for (const [url] of vi.mocked(fetch).mock.calls) {
      expect(String(url)).not.toContain(question.nik);
    }
  });
});
