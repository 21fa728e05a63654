// Who it was and what was done, in words. A role or an action the app does not know yet reads as
// somebody who looked: the row is never left out.
import { isKnown, t } from '../lib/texts.svelte';

/** "branch-staff" → "Petugas kantor cabang". */
export function roleWords(role: string): string {
  const key = `role.${role.replaceAll('-', '_')}`;
  return isKnown(key) ? t(key) : t('role.stranger');
}

/** "person:read" → "Melihat data". */
export function didWords(what: string): string {
  const key = `did.${what.replace(/[:-]/g, '_')}`;
  return isKnown(key) ? t(key) : t('did.other');
}
