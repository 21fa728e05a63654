// What was typed and not sent yet outlives a reload or an update of the app, in this tab only and
// for ten minutes: phones are shared, and a NIK must not lie about.

const KEPT_MS = 10 * 60_000;

export function keepDraft(name: string, fields: Record<string, string>, now = Date.now()): void {
  try {
    if (Object.values(fields).every((value) => value === '')) {
      sessionStorage.removeItem(name);
    } else {
      sessionStorage.setItem(name, JSON.stringify({ at: now, fields }));
    }
  } catch {
    // A browser that keeps nothing: then a reload begins anew.
  }
}

export function findDraft(name: string, now = Date.now()): Record<string, string> {
  try {
    const kept = JSON.parse(sessionStorage.getItem(name) ?? 'null') as { at: number; fields: Record<string, string> } | null;
    if (kept && now - kept.at < KEPT_MS) {
      return kept.fields;
    }
    sessionStorage.removeItem(name);
  } catch {
    // As above.
  }
  return {};
}

export function dropDraft(name: string): void {
  try {
    sessionStorage.removeItem(name);
  } catch {
    // As above.
  }
}

/** Whoever leaves takes along what she typed: the next may be somebody else. */
export function dropAllDrafts(): void {
  try {
    Object.keys(sessionStorage).filter((name) => name.startsWith('jaring.')).forEach((name) => sessionStorage.removeItem(name));
  } catch {
    // As above.
  }
}
