import { describe, expect, it } from 'vitest';
import { press, show, violations, words } from '../../tests/mounted';
import ExplainButton from './explain_button.svelte';
import FigureTile from './figure_tile.svelte';
import RegionMap from './region_map.svelte';
import TableScroll from './table_scroll.svelte';
import TrailLinks from './trail_links.svelte';
import TrendChart from './trend_chart.svelte';

describe('figures', () => {
  it('figure_tile tells a figure and how it moved', async () => {
    const page = show(FigureTile, { name: 'Aktif', value: '12', change: '▲ naik 2', text: '50 %', tone: 'active' as const });
    expect(page.text()).toBe('Aktif 12 50 % ▲ naik 2');
    expect(await violations(page.root)).toEqual([]);
  });

  it('explain_button opens what it is called after', async () => {
    const page = show(ExplainButton, { label: 'Bagaimana dihitung: Aktif', title: 'Aktif', paragraphs: ['Yang terlindungi.'] });
    press(page.find('button[aria-haspopup]'));
    expect(page.find<HTMLDialogElement>('dialog').open).toBe(true);
    expect(page.text()).toContain('Yang terlindungi.');
    expect(await violations(page.root)).toEqual([]);
  });

  it('trail_links lead up, the last one is here', async () => {
    const page = show(TrailLinks, { label: 'Wilayah', steps: [{ name: 'Indonesia', href: '#/' }, { name: 'Bali', href: '#/?wilayah=51' }] });
    expect([page.find('a').textContent, page.find('[aria-current]').textContent]).toEqual(['Indonesia', 'Bali']);
    expect(await violations(page.root)).toEqual([]);
  });

  it('table_scroll is reached by the keyboard', async () => {
    const page = show(TableScroll, { label: 'Tabel', children: words('isi') });
    expect(page.find('[role=region]').getAttribute('tabindex')).toBe('0');
    expect(await violations(page.root)).toEqual([]);
  });
});

describe('trend_chart', () => {
  const points = ['Jan', 'Feb', 'Mar'].map((short) => ({ short, long: `${short} 2026` }));
  const common = { title: 'Keadaan', points, words: String, brief: String, labels: { point: 'Bulan', table: 'Lihat tabelnya' } };

  it('draws several as lines and says them as a table', async () => {
    const page = show(TrendChart, { ...common, series: [{ name: 'Aktif', values: [1, 2, 3] }, { name: 'Berhenti', values: [0, -1, 4] }] });
    expect(page.root.querySelectorAll('.line').length).toBe(2);
    expect(page.root.querySelectorAll('tbody tr').length).toBe(3);
    expect(page.find('svg[role=img]').getAttribute('aria-label')).toBe('Keadaan. Aktif: Jan 1, Mar 3; Berhenti: Jan 0, Mar 4');
    expect(await violations(page.root)).toEqual([]);
  });

  it('draws one as bars, from nothing up or down', () => {
    const page = show(TrendChart, { ...common, series: [{ name: 'Bulan', values: [10, 0, -5] }] });
    const heights = [...page.root.querySelectorAll('rect')].map((bar) => Number(bar.getAttribute('height')));
    expect(heights[0]).toBeCloseTo(2 * (heights[2] ?? 0), 5);
    expect(heights[1]).toBe(0);
  });
});

describe('region_map', () => {
  const shape = {
    width: 100, height: 50,
    regions: [{ code: '11', d: 'M0 0h40v40h-40z', x: 20, y: 20, room: 40 }, { code: '12', d: 'M50 0h40v40h-40z', x: 70, y: 20, room: 40 }],
  };

  it('is one stop for the keyboard; the arrows go on', async () => {
    const places = new Map([['11', { name: 'Aceh', words: '5', step: 3, href: '#/?wilayah=11' }]]);
    const page = show(RegionMap, { label: 'Peta', shape, places });
    const stops = () => [...page.root.querySelectorAll('a')].map((one) => one.getAttribute('tabindex')).join(' ');
    expect(stops()).toBe('0 -1');
    expect(page.find('a').getAttribute('aria-label')).toBe('Aceh: 5');
    expect(page.find('text').textContent).toBe('3');
    expect(await violations(page.root)).toEqual([]);
    page.find('a').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
    await new Promise((done) => setTimeout(done));
    expect(stops()).toBe('-1 0');
  });
});
