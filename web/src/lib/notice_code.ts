// The code by which anybody follows what she told. It is a secret: it never stands in the address, and
// lies in the tab like a draft.
import { dropDraft, findDraft, keepDraft } from './drafts';

/** What is being told, then its code. */
export const NOTICE_DRAFT = 'jaring.lapor-siapa-saja';
const CODE_DRAFT = 'jaring.laporan';
const CODE = /^[A-Z2-7]{26}$/;
const MISREAD: Record<string, string> = { 0: 'O', 1: 'I', 8: 'B' };

/** The code as somebody wrote it down: spaces, small letters and digits no code has are read kindly. */
export function readCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replace(/[^A-Z0-9]/g, '').replace(/[018]/g, (sign) => MISREAD[sign] ?? sign);
  return CODE.test(code) ? code : undefined;
}

/** In groups, as people write down what is long. */
export function codeGroups(code: string): string[] {
  return code.match(/.{1,4}/g) ?? [];
}

export function keptCode(): string {
  return findDraft(CODE_DRAFT).code ?? '';
}

export function keepCode(code: string): void {
  keepDraft(CODE_DRAFT, { code });
}

export function dropCode(): void {
  dropDraft(CODE_DRAFT);
  if (findDraft(NOTICE_DRAFT).code) {
    dropDraft(NOTICE_DRAFT);
  }
}
