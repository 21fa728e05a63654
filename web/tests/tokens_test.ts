// @vitest-environment node
// Every pair of colours that stands on each other, in light and dark: WCAG AA.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../src/styles/tokens.css', import.meta.url), 'utf8');
const [lightCss = '', darkCss = ''] = css.split('@media (prefers-color-scheme: dark)');

function coloursOf(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]));
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const TEXT = 4.5;
const SHAPE = 3; // Borders of fields, the ring of the focus, lines of a chart.
const PAIRS: [string, string, number][] = [
  ['ink', 'paper', TEXT], ['ink', 'card', TEXT], ['ink', 'sunken', TEXT],
  ['soft', 'paper', TEXT], ['soft', 'card', TEXT], ['soft', 'sunken', TEXT],
  ['link', 'paper', TEXT], ['link', 'card', TEXT], ['link', 'jht-soft', TEXT],
  ['on-brand', 'brand', TEXT], ['on-brand-soft', 'brand-soft', TEXT], ['link', 'brand-soft', TEXT],
  ['on-good', 'good', TEXT], ['on-warn', 'warn', TEXT], ['on-bad', 'bad', TEXT], ['on-none', 'none', TEXT],
  ['on-sun', 'sun', TEXT],
  ['jkk', 'jkk-soft', TEXT], ['jkm', 'jkm-soft', TEXT], ['jht', 'jht-soft', TEXT],
  ['jkk', 'card', TEXT], ['jkk', 'paper', TEXT],
  ['ink', 'jkk-soft', TEXT], ['ink', 'jkm-soft', TEXT], ['ink', 'jht-soft', TEXT], ['ink', 'brand-soft', TEXT],
  ['edge', 'card', SHAPE], ['edge', 'paper', SHAPE], ['focus', 'paper', SHAPE], ['focus', 'card', SHAPE],
  ['on-step-1', 'step-1', TEXT], ['on-step-2', 'step-2', TEXT], ['on-step-3', 'step-3', TEXT],
  ['on-step-4', 'step-4', TEXT], ['on-step-5', 'step-5', TEXT],
  ['sun', 'brand', SHAPE], ['jht', 'card', SHAPE],
  ['jkk', 'picture-tint', SHAPE], ['on-brand-soft', 'picture-tint', SHAPE], ['jkm', 'picture-tint', SHAPE],
  ['jht', 'picture-tint', SHAPE], ['ink', 'picture-tint', SHAPE],
];

const light = coloursOf(lightCss);
const dark = { ...light, ...coloursOf(darkCss) };

describe.each([['light', light], ['dark', dark]])('colours, %s', (_, colours) => {
  it.each(PAIRS)('%s on %s has a contrast of %d', (front, back, least) => {
    expect(colours[front], front).toBeDefined();
    expect(colours[back], back).toBeDefined();
    expect(contrast(colours[front] ?? '', colours[back] ?? '')).toBeGreaterThanOrEqual(least);
  });
});

describe('tokens', () => {
  it('computes known contrasts', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 1);
    expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it('are each in a pair', () => {
    const paired = new Set(PAIRS.flatMap(([front, back]) => [front, back]));
    // Fine lines between things that stand apart anyway.
    paired.add('line');
    expect(Object.keys(light).filter((name) => !paired.has(name))).toEqual([]);
  });
});
