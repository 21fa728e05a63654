import type { WordFiles } from '../lib/texts.svelte';

/** The words that only this face speaks. */
export const WORDS: WordFiles = {
  id: () => import('../texts/director_id.json'),
  en: () => import('../texts/director_en.json'),
  jv: () => import('../texts/director_jv.json'),
  su: () => import('../texts/director_su.json'),
  mad: () => import('../texts/director_mad.json'),
};

/** Where the address that was wanted is kept while somebody logs in. */
export const WANTED = 'jaring.figures';
