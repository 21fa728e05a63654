import type { WordFiles } from '../lib/texts.svelte';

/** The words that only this face speaks. */
export const WORDS: WordFiles = {
  id: () => import('../texts/desk_id.json'),
  en: () => import('../texts/desk_en.json'),
  jv: () => import('../texts/desk_jv.json'),
  su: () => import('../texts/desk_su.json'),
  mad: () => import('../texts/desk_mad.json'),
};

/** Where the address that was wanted is kept while somebody logs in. */
export const WANTED = 'jaring.desk';
