// Adding up what an event pays; the amounts themselves come from the rules.
import { isUnverified, type MarkCode } from '../lib/marks';
import type { Benefit } from '../lib/rules';

/** All of them in one sum, as sure as the least sure of them; nothing when one has no amount. */
export function together(
  byId: Record<string, Benefit>,
  ids: readonly string[],
): { amount: number; mark: MarkCode } | undefined {
  let amount = 0;
  let mark: MarkCode = 'V';
  for (const id of ids) {
    const benefit = byId[id];
    if (benefit?.amount === undefined) {
      return undefined;
    }
    amount += benefit.amount;
    mark = isUnverified(mark) ? mark : benefit.mark;
  }
  return { amount, mark };
}
