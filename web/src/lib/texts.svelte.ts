// The words of all faces in one language at a time: Indonesian comes with the page, the others are
// fetched when somebody chooses them.
import id from '../texts/id.json';

export type TextKey = keyof typeof id;
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
const OTHERS: Record<Exclude<Language, 'id'>, () => Promise<{ default: Record<TextKey, string> }>> = {
  en: () => import('../texts/en.json'),
  jv: () => import('../texts/jv.json'),
  su: () => import('../texts/su.json'),
  mad: () => import('../texts/mad.json'),
};

const spoken = $state<{ language: Language; texts: Record<TextKey, string> }>({ language: 'id', texts: id });

export function isLanguage(text: string | null | undefined): text is Language {
  return LANGUAGES.includes(text as Language);
}

export function language(): Language {
  return spoken.language;
}

/** The words for `key`, with {name} filled in. A key that is not there does not compile. */
export function t(key: TextKey, fill: Record<string, string | number> = {}): string {
  return spoken.texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(fill[name] ?? whole));
}

/** Speaks another language from now on and remembers it; the old one stays when it cannot be fetched. */
export async function speak(wanted: Language): Promise<boolean> {
  try {
    const texts = wanted === 'id' ? id : (await OTHERS[wanted]()).default;
    spoken.texts = texts;
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
