// What the next months cost, as the server's bill says it: one question for the longest run that is
// sold; a shorter run is the first months of it.
import { ask, type Failure, type Schemas } from './api';

export type Bill = Schemas['Bill'];

/** Months that one tap buys; what the scheme does not sell ahead is left out. */
const OFFERS = [1, 2, 3, 6, 12] as const;
const TOO_MANY = 'bill.months_out_of_range';

export interface Choice {
  months: number;
  toPay: number;
  /** What reliefs take off. */
  saved: number;
  first: string;
  last: string;
}

/** As many months as bring her back in, and the usual numbers above. */
function numbersWith(needed: number): number[] {
  return [...new Set([needed, ...OFFERS.filter((one) => one > needed)])];
}

/** The longest bill there is, or why there is none. `needed`: months that bring somebody back in. */
export async function askBill(person: number, needed: number): Promise<Bill | Failure> {
  let failure: Failure = { kind: 'offline' };
  for (const months of numbersWith(needed).reverse()) {
    const outcome = await ask('get', '/v1/people/{person_id}/bill', { at: { person_id: person }, query: { months } });
    if (outcome.kind === 'done') {
      return outcome.value;
    }
    failure = outcome;
    if (outcome.kind !== 'refused' || outcome.rule !== TOO_MANY) {
      break;
    }
  }
  return failure;
}

export function isBill(answer: Bill | Failure): answer is Bill {
  return 'bill_code' in answer;
}

/** The first `months` of the bill: the server's own rows, added up. */
export function choiceOf(bill: Bill, months: number): Choice {
  const rows = bill.months.slice(0, months);
  const sum = (of: 'total' | 'full') => rows.reduce((total, row) => total + row[of], 0);
  return {
    months: rows.length,
    toPay: Math.max(0, sum('total') - bill.credit),
    saved: sum('full') - sum('total'),
    first: rows[0]?.month ?? '',
    last: rows.at(-1)?.month ?? '',
  };
}

/** What is offered, as far as it is sold. */
export function choicesOf(bill: Bill, needed: number): Choice[] {
  return numbersWith(needed)
    .filter((one) => one <= bill.months.length)
    .map((months) => choiceOf(bill, months));
}
