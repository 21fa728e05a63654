// What things on this page are called: figures, doors, sectors, parts of the agency.
import { isKnown, language, t, type TextKey } from '../lib/texts.svelte';
import type { Setting } from './answers.svelte';
import type { Measure, Row } from './measures';
import type { Filter, Question, Split } from './question';

export const nameOf = (measure: Measure): string => t(`fig.${measure}` as TextKey);

/** How a figure is counted, and where all figures come from. */
export function countedHow(measure: Measure | 'paid', graceMonths: number | null): string[] {
  const grace = t('fig.grace_of', { n: graceMonths ?? '–' });
  return [
    t(`how.${measure}` as TextKey),
    ...(measure === 'grace' || measure === 'lapsed' || measure === 'lost' ? [grace] : []),
    t('how.all'),
  ];
}

export const splitName = (split: Split): string => t(`split.${split}` as TextKey);

export function sectorName(code: string, setting: Setting): string {
  const name = setting.sectors.find((sector) => sector.code === code)?.name;
  return (language() === 'en' ? name?.en : name?.id) ?? code;
}

export function doorName(code: string): string {
  const key = `door.${code}`;
  return isKnown(key) ? t(key) : code;
}

export function rowName(row: Row, split: Split, setting: Setting): string {
  if (split === 'sector') {
    return sectorName(row.code, setting);
  }
  if (split === 'door') {
    return doorName(row.code);
  }
  if (split === 'group' && row.code === '') {
    return t('fig.no_group');
  }
  return split === 'region' && row.code.slice(4, 6) === '00' ? t('fig.no_village') : row.name;
}

/** What a filter is set to, in words. */
export function filterWords(filter: Filter, question: Question, setting: Setting, group: string | undefined): string {
  const code = question[filter];
  switch (filter) {
    case 'branch':
      return setting.branches.find((branch) => branch.code === code)?.name ?? code;
    case 'sector':
      return sectorName(code, setting);
    case 'door':
      return doorName(code);
    case 'group':
      return group ?? code;
  }
}
