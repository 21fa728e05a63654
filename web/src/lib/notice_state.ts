// How far it is what anybody told.
import type { Schemas } from './api';
import { isOpen, papersLacking, standingOf, type Standing, type StandingWords } from './claims';
import { t } from './texts.svelte';

export type ClaimNotice = Schemas['ClaimNotice'];

/** Who told it may have nothing to do: only papers are asked of her. */
const LACKING: Standing = { word: 'lacking', turn: 'you', tone: 'warn' };

export function noticeStanding(notice: ClaimNotice): StandingWords {
  if (notice.state === 'dismissed') {
    return { words: t('notice.dismissed'), text: t(`notice.dismissed_${notice.reason_code ?? 'other'}`), tone: 'bad', icon: 'i-close' };
  }
  if (notice.state === 'received' || notice.claim === null) {
    return { words: t('notice.received'), text: '', tone: 'info', icon: 'i-clock' };
  }
  const { claim } = notice;
  const { word, tone } = claim.state === 'reported' && papersLacking(claim).length > 0 ? LACKING : standingOf(claim);
  return { words: t(`state.${word}`), text: t('notice.taken_up'), tone, icon: tone === 'good' ? 'i-check' : 'i-clock' };
}

export function takesPapers(notice: ClaimNotice): boolean {
  return notice.claim !== null && isOpen(notice.claim);
}
