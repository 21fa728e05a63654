/** How sure the scheme is: read in the regulation, several sources, one source, from memory. */
export type MarkCode = 'V' | 'S2+' | 'S' | 'M';

/** Read in one place only, or from memory: said so beside the figure. */
export function isUnverified(mark: MarkCode): boolean {
  return mark === 'S' || mark === 'M';
}
