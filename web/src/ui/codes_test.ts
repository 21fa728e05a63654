import { describe, expect, it, vi } from 'vitest';
import { press, show, violations } from '../../tests/mounted';
import { barWidths } from '../lib/bar_code';
import BarCode from './bar_code.svelte';
import CopyButton from './copy_button.svelte';
import QrCode from './qr_code.svelte';

describe('bar_code', () => {
  it('draws Code 128 as others draw it', () => {
    // As the library JsBarcode 3.11 writes it.
    expect(barWidths('100000000010').join('')).toBe('2112322213122122222122222122222122222213121224112331112');
  });

  it('has eleven modules a symbol, thirteen at the end, and another for each pair', () => {
    const seen = new Set<string>();
    for (let pair = 0; pair < 100; ++pair) {
      const widths = barWidths(String(pair).padStart(2, '0'));
      expect(widths.reduce((sum, width) => sum + width, 0)).toBe(3 * 11 + 13);
      seen.add(widths.slice(6, 12).join(''));
    }
    expect(seen.size).toBe(100);
  });

  it('refuses what it cannot write', () => {
    for (const digits of ['', '1', '12a4', '123']) {
      expect(() => barWidths(digits)).toThrow();
    }
  });

  it('is a picture with words', async () => {
    const page = show(BarCode, { digits: '100000000010', label: 'Kode batang 1000' });
    expect(page.find('svg').getAttribute('aria-label')).toBe('Kode batang 1000');
    expect(page.find('path').getAttribute('d')).toMatch(/^M10 0h2v40h-2z/);
    expect(await violations(page.root)).toEqual([]);
  });
});

describe('qr_code', () => {
  it('is a picture with words and a white edge of four modules', async () => {
    const page = show(QrCode, { text: '100000000010', label: 'Kode QR 1000' });
    expect(page.find('svg').getAttribute('viewBox')).toBe('0 0 29 29');
    const cells = [...(page.find('path').getAttribute('d') ?? '').matchAll(/M(\d+) (\d+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    expect(Math.min(...cells.flat())).toBe(4);
    expect(Math.max(...cells.flat())).toBe(24);
    expect(await violations(page.root)).toEqual([]);
  });

  it('is another for another number', () => {
    const path = (text: string) => show(QrCode, { text, label: 'QR' }).find('path').getAttribute('d');
    expect(path('100000000010')).not.toBe(path('100000000028'));
  });
});

describe('copy_button', () => {
  const props = { text: '100000000010', label: 'Salin kode', copied: 'Sudah disalin', failed: 'Catat angkanya.' };

  it('copies and says so', async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { clipboard: { writeText } });
    const page = show(CopyButton, props);
    press(page.find('button'));
    await vi.waitFor(() => expect(page.text()).toBe('Sudah disalin'));
    expect(writeText).toHaveBeenCalledWith('100000000010');
    expect(await violations(page.root)).toEqual([]);
    vi.unstubAllGlobals();
  });

  it('says what to do when the phone refuses', async () => {
    vi.stubGlobal('navigator', {});
    const page = show(CopyButton, props);
    press(page.find('button'));
    await vi.waitFor(() => expect(page.text()).toContain('Catat angkanya.'));
    vi.unstubAllGlobals();
  });
});
