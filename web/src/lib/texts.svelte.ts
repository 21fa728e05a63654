// The words of all faces in one language at a time: Indonesian comes with the page, the others are
// fetched when somebody chooses them. What only who has logged in reads, or one face only, is a file
// of its own, which comes with the first such page.
import id from '../texts/id.json';
import type claimFiguresId from '../texts/claim_figures_id.json';
import type claimsId from '../texts/claims_id.json';
import type deskId from '../texts/desk_id.json';
import type directorId from '../texts/director_id.json';
import type ownId from '../texts/own_id.json';

type OwnKey = keyof typeof ownId;
type ClaimsKey = keyof typeof claimsId;
export type TextKey = keyof typeof id | OwnKey | ClaimsKey | keyof typeof claimFiguresId | keyof typeof deskId | keyof typeof directorId;
type Words = Partial<Record<TextKey, string>>;
export const LANGUAGES = ['id', 'en', 'jv', 'su', 'mad'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Written in the language itself, for those who look for it. */
export const LANGUAGE_NAMES: Record<Language, string> = {
  id: 'Bahasa Indonesia',
  en: 'English',
  jv: 'Basa Jawa',
  su: 'Basa Sunda',
  mad: 'Basa Madhura',
};

const PLACE = 'jaring.language';
const OTHERS: Record<Exclude<Language, 'id'>, () => Promise<{ default: Record<keyof typeof id, string> }>> = {
  en: () => import('../texts/en.json'),
  jv: () => import('../texts/jv.json'),
  su: () => import('../texts/su.json'),
  mad: () => import('../texts/mad.json'),
};

const OWN: Record<Language, () => Promise<{ default: Record<OwnKey, string> }>> = {
  id: () => import('../texts/own_id.json'),
  en: () => import('../texts/own_en.json'),
  jv: () => import('../texts/own_jv.json'),
  su: () => import('../texts/own_su.json'),
  mad: () => import('../texts/own_mad.json'),
};

const CLAIMS: Record<Language, () => Promise<{ default: Record<ClaimsKey, string> }>> = {
  id: () => import('../texts/claims_id.json'),
  en: () => import('../texts/claims_en.json'),
  jv: () => import('../texts/claims_jv.json'),
  su: () => import('../texts/claims_su.json'),
  mad: () => import('../texts/claims_mad.json'),
};

const spoken = $state<{ language: Language; texts: Words }>({ language: 'id', texts: id });
export type WordFiles = Record<Language, () => Promise<{ default: Words }>>;
/** Those that are spoken besides the words of all. */
let more: readonly WordFiles[] = [];
let speaking: Promise<unknown> = Promise.resolve();

export function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.includes(text as Language);
}

export function language(): Language {
  return spoken.language;
}

/** The words for `key`, with {name} filled in. A key that is not there does not compile. */
export function t(key: TextKey, fill: Record<string, string | number> = {}): string {
  return (spoken.texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}

export function isKnown(key: string): key is TextKey {
  return key in spoken.texts;
}

async function wordsOf(wanted: Language): Promise<Words> {
  const files = await Promise.all([
    wanted === 'id' ? { default: id } : OTHERS[wanted](),
    ...more.map((words) => words[wanted]()),
  ]);
  return Object.assign({}, ...files.map((file) => file.default));
}

/** From now on also these words. Fails when they cannot be fetched. */
export async function speakAlso(words: WordFiles): Promise<void> {
  if (!more.includes(words)) {
    more = [...more, words];
    if (!(await speak(spoken.language))) {
      more = more.filter((one) => one !== words);
      throw new Error('the words could not be fetched');
    }
  }
  // Another page may be fetching them right now.
  await speaking;
}

/** From now on also the words for who has logged in. Fails when they cannot be fetched. */
export function speakOwn(): Promise<void> {
  return speakAlso(OWN);
}

/** From now on also the words about claims. */
export function speakClaims(): Promise<void> {
  return speakAlso(CLAIMS);
}

/** Speaks another language from now on and remembers it; the old one stays when it cannot be fetched. */
export function speak(wanted: Language): Promise<boolean> {
  // One after the other: what was asked for last is what is spoken.
  const turn = speaking.then(() => speakNow(wanted));
  speaking = turn;
  return turn;
}

async function speakNow(wanted: Language): Promise<boolean> {
  try {
    spoken.texts = await wordsOf(wanted);
    spoken.language = wanted;
    document.documentElement.lang = wanted;
    remember(wanted);
    return true;
  } catch {
    return false;
  }
}

function remember(wanted: Language): void {
  try {
    localStorage.setItem(PLACE, wanted);
  } catch {
    // A browser that keeps nothing still shows the page.
  }
}

function remembered(): string | null {
  try {
    return localStorage.getItem(PLACE);
  } catch {
    return null;
  }
}

/** What the link said (?lang=), else what was chosen before, else Indonesian. */
export function firstLanguage(search: string): Language {
  const asked = new URLSearchParams(search).get('lang') ?? remembered();
  return isLanguage(asked) ? asked : 'id';
}
