import { describe, expect, it } from 'vitest';
import { csvOf } from '../src/lib/csv';
import { changeOf, shareOf, valueOf, wordsOf, type Row } from '../src/director/measures';
import {
  asked, choicesOf, choose, drill, levelOf, linkTo, mapOf, monthAfter, monthsBefore, partOf, readQuestion, splitsOf, within, type Question,
} from '../src/director/question';
import { add, foldProvinces, present, sorted } from '../src/director/rows';
import { fileName } from '../src/lib/save';
import { scaleOf } from '../src/director/scale';
import { fetchMap, hasMap, regionTowards } from '../src/lib/map_shape';
import { parsePlace } from '../src/lib/router.svelte';

const MARCH = '2026-03';
const NATION = { kind: 'nation', id: 0 };
const read = (hash: string) => readQuestion(parsePlace(hash).choices, MARCH);
const row = (code: string, registered: number, more: Partial<Row> = {}): Row => ({
  code, name: code, registered, paid: 0, active: 0, grace: 0, lapsed: 0, ended: 0, joined: 0, returned: 0, lost: 0, left: 0,
  months: 0, received: 0, ...more,
});

describe('question', () => {
  it('stands in the address and comes back from it', () => {
    const question: Question = {
      month: '2025-12', region: '3372', branch: 'surakarta', sector: 'trade', door: 'web', group: 'pasar',
      split: 'branch', measure: 'lost', sort: 'name', rising: true,
    };
    expect(read(linkTo(question, MARCH))).toEqual(question);
    expect(linkTo(question, MARCH)).toContain('bulan=2025-12');
  });

  it('leaves out what is as usual', () => {
    expect(linkTo(read(''), MARCH)).toBe('#/');
    expect(choicesOf({ ...read(''), rising: true }, MARCH)).toEqual({ urut: 'registered' });
  });

  it('takes nothing that makes no sense', () => {
    for (const hash of ['#/?bulan=2026-13&wilayah=3', '#/?wilayah=33x&per=bulan&angka=moon&urut=-moon', '#/?bulan=x']) {
      expect(read(hash)).toEqual(read(''));
    }
  });

  it('begins where the role of who asks reaches', () => {
    expect(within(read(''), { kind: 'region', id: 33 }).region).toBe('33');
    expect(within(read('#/?wilayah=3372'), { kind: 'region', id: 33 }).region).toBe('3372');
  });

  it('splits by what can be told', () => {
    const splits = (hash: string, reach = NATION) => splitsOf(read(hash), reach).join(' ');
    expect(splits('')).toBe('region branch sector door group');
    expect(splits('#/?sektor=trade')).toBe('region branch door group');
    expect(splits('#/?wilayah=3372')).toBe('region branch sector door group');
    expect(splits('#/?wilayah=3372&pintu=web')).toBe('branch sector group');
    expect(splits('#/?wilayah=337201')).toBe('region');
    expect(splits('#/?wilayah=3372011001')).toBe('');
    expect(splits('', { kind: 'branch', id: 1 })).toBe('region sector door group');
    expect(splits('#/?wilayah=3372', { kind: 'group', id: 1 })).toBe('branch sector door');
    expect(asked(read('#/?wilayah=3372&pintu=web'), NATION).split).toBe('branch');
  });

  it('leads down row by row, and nowhere where nothing is', () => {
    expect(drill(read('#/?wilayah=33'), '3372')?.region).toBe('3372');
    expect(drill(read('#/?wilayah=3372'), '337200')).toBeUndefined();
    expect(drill(read('#/?wilayah=3372'), '3372')).toBeUndefined();
    expect(drill(read('#/?per=sector'), 'trade')).toMatchObject({ sector: 'trade', split: 'region' });
    expect(drill(read('#/?per=group'), '')).toBeUndefined();
    expect(choose(read('#/?wilayah=337201'), 'sector', 'trade').region).toBe('3372');
    expect(choose(read('#/?wilayah=337201'), 'sector', '').region).toBe('337201');
  });

  it('asks the server for what is chosen only', () => {
    expect(partOf(read('#/?wilayah=33&pintu=web'))).toEqual({ month: MARCH, region: '33', door: 'web' });
    expect([mapOf(''), mapOf('33'), mapOf('3372')]).toEqual(['nation', '33', undefined]);
    expect(['', '33', '3372', '337201', '3372011001', '1'].map(levelOf)).toEqual([0, 1, 2, 3, 4, -1]);
  });

  it('knows the months around a year’s end', () => {
    expect(monthsBefore('2026-02', 3)).toEqual(['2026-02', '2026-01', '2025-12']);
    expect(monthAfter('2025-12')).toBe('2026-01');
  });
});

describe('rows', () => {
  it('add up to provinces', () => {
    const folded = foldProvinces([row('3301', 2, { received: 5 }), row('3372', 3, { received: 7 }), row('11', 4)], { 33: 'Jawa Tengah' });
    expect(folded.map(({ code, name, registered, received }) => [code, name, registered, received])).toEqual([
      ['33', 'Jawa Tengah', 5, 12], ['11', '11', 4, 0],
    ]);
    expect(add(row('1', 1, { left: -2 }), row('2', 2, { left: 1 })).left).toBe(-1);
  });

  it('are sorted both ways, with those without a figure last', () => {
    const rows = [row('a', 0), row('b', 2, { active: 1 }), row('c', 4, { active: 1 }), row('d', 2, { active: 1 })];
    const order = (column: 'share' | 'name', rising: boolean) => sorted(rows, column, rising).map(({ code }) => code).join('');
    expect([order('share', true), order('share', false), order('name', true), order('name', false)]).toEqual(['cbda', 'bdca', 'abcd', 'dcba']);
    expect(present(rows).map(({ code }) => code).join('')).toBe('bcd');
  });

  it('tell shares and changes', () => {
    expect([shareOf(1, 4), shareOf(1, 0)]).toEqual([250_000, undefined]);
    expect([changeOf(5, 4), changeOf(1, 0), changeOf(-3, -2)]).toEqual([{ by: 1, ppm: 250_000 }, { by: 1, ppm: undefined }, { by: -1, ppm: 500_000 }]);
    expect([wordsOf(valueOf(row('a', 8, { active: 2 }), 'share'), 'share'), wordsOf(undefined, 'share'), wordsOf(1200, 'received')]).toEqual([
      '25\u00a0%', '–', 'Rp\u00a01.200',
    ]);
  });
});

describe('csv', () => {
  it('lets no cell become a formula', () => {
    const lines = csvOf([['=1+1', '+62', '-x', '@a', '\tb', 'a,"b"'], [-5, 3.25, undefined, 'Jawa']]);
    expect(lines).toBe('\ufeff\'=1+1,\'+62,\'-x,\'@a,\'\tb,"a,""b"""\r\n-5,3.25,,Jawa\r\n');
    expect(fileName(['2026-03', 'Jawa Tengah, Sektor: X', ''], 'csv')).toBe('jaring-2026-03-jawa-tengah-sektor-x.csv');
  });
});

describe('scale', () => {
  it('has as many regions in each shade', () => {
    const scale = scaleOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, undefined]);
    expect(scale.shades).toEqual([1, 2, 3, 4, 5].map((step) => ({ step, from: 2 * step - 1, to: 2 * step, regions: 2 })));
    expect([scale.stepOf(0), scale.stepOf(undefined), scale.stepOf(3), scale.stepOf(10)]).toEqual([0, 0, 2, 5]);
  });

  it('keeps equal values together, and few far apart', () => {
    expect(scaleOf([7, 7, 7]).shades).toEqual([{ step: 5, from: 7, to: 7, regions: 3 }]);
    expect(scaleOf([1, 1, 1, 9]).shades.map(({ step, regions }) => [step, regions])).toEqual([[1, 3], [5, 1]]);
    expect(scaleOf([]).shades).toEqual([]);
  });
});

describe('maps', () => {
  it('there is one of the nation and one of each province', async () => {
    const nation = await fetchMap('nation');
    expect(nation.regions.length).toBe(38);
    let regencies = 0;
    for (const { code } of nation.regions) {
      expect(hasMap(code), code).toBe(true);
      const { regions } = await fetchMap(code);
      regencies += regions.length;
      expect(regions.every((one) => one.code.startsWith(code) && one.code.length === 4 && one.d.startsWith('M'))).toBe(true);
    }
    // The outline of one is empty in the source.
    expect(regencies).toBeGreaterThanOrEqual(510);
    await expect(fetchMap('99')).rejects.toThrow();
  });

  it('arrows go to the nearest that lies there', () => {
    const at = (x: number, y: number) => ({ code: '', d: '', room: 0, x, y });
    const regions = [at(0, 0), at(10, 1), at(30, 0), at(1, 10)];
    expect(['ArrowRight', 'ArrowDown', 'ArrowLeft', 'End', 'x'].map((key) => regionTowards(regions, 0, key))).toEqual([1, 3, 0, 3, 0]);
  });
});
