// Which shade a value of a map gets: as many regions in each as in the others, as far as equal
// values allow.

export const SHADES = 5;

export interface Shade {
  /** 1 is the lightest. */
  step: number;
  from: number;
  to: number;
  regions: number;
}

export interface Scale {
  shades: Shade[];
  /** 0: nothing is there to be shown. */
  stepOf(value: number | undefined): number;
}

export function scaleOf(values: readonly (number | undefined)[]): Scale {
  const shown = values.filter((value): value is number => value !== undefined && value !== 0).sort((a, b) => a - b);
  const distinct = new Set(shown).size;
  const wanted = Math.min(SHADES, distinct);
  const tops: number[] = [];
  for (let step = 1; step <= wanted; ++step) {
    const top = shown[Math.ceil((shown.length * step) / wanted) - 1] ?? 0;
    if (top !== tops.at(-1)) {
      tops.push(top);
    }
  }
  // Few shades are still far from each other.
  const stepAt = (index: number) => (tops.length === 1 ? SHADES : 1 + Math.round((index * (SHADES - 1)) / (tops.length - 1)));
  const indexOf = (value: number) => tops.findIndex((top) => value <= top);
  const shades = tops.map((to, index) => {
    const inside = shown.filter((value) => indexOf(value) === index);
    return { step: stepAt(index), from: inside[0] ?? to, to, regions: inside.length };
  });
  return { shades, stepOf: (value) => (value === undefined || value === 0 ? 0 : (shades[indexOf(value)]?.step ?? SHADES)) };
}
