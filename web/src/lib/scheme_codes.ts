// Codes that the facts of a claim are told with, as the scheme's text has them.

export interface SchemeCodes {
  /** Benefits of an accident that money was spent on. */
  spent: string[];
  disabilities: string[];
  levels: string[];
}

/** Those of `text`, each once, in its order; the rules say which holds on which day. */
export function codesIn(text: string): SchemeCodes {
  const found: Record<string, Set<string>> = { benefit: new Set(), disability: new Set(), level: new Set() };
  for (const line of text.split('\n')) {
    const [kind = '', code = ''] = line.split('\t', 2);
    found[kind]?.add(code);
  }
  return {
    spent: [...(found.benefit ?? [])].filter((code) => /^jkk-(medical|home-care|transport|rehabilitation|dentures|hearing-aid|glasses|return-to-work)/.test(code)),
    disabilities: [...(found.disability ?? [])],
    levels: [...(found.level ?? [])],
  };
}

let asked: Promise<SchemeCodes> | undefined;

/** Asked once for the page; fails without a connection, and may then be asked again. */
export function fetchCodes(): Promise<SchemeCodes> {
  asked ??= fetch('/app/scheme.txt')
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(new Error(`scheme: ${answer.status}`))))
    .then(codesIn)
    .catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
  return asked;
}
