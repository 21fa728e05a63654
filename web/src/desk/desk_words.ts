import type { WordFiles } from '../lib/texts.svelte';

/** The words that only this face speaks. */
export const WORDS: WordFiles = {
  id: () => import('../texts/desk_id.json'),
  en: () => import('../texts/desk_en.json'),
  jv: () => import('../texts/desk_jv.json'),
  su: () => import('../texts/desk_su.json'),
  mad: () => import('../texts/desk_mad.json'),
};

/** Those of the page of figures, which come with it. */
export const FIGURE_WORDS: WordFiles = {
  id: () => import('../texts/claim_figures_id.json'),
  en: () => import('../texts/claim_figures_en.json'),
  jv: () => import('../texts/claim_figures_jv.json'),
  su: () => import('../texts/claim_figures_su.json'),
  mad: () => import('../texts/claim_figures_mad.json'),
};

/** Where the address that was wanted is kept while somebody logs in. */
export const WANTED = 'jaring.desk';
