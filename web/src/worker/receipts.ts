// What a payment did, in words.
import type { Schemas } from '../lib/api';
import { monthSpan } from '../lib/figures';
import { t } from '../lib/texts.svelte';

type Payment = Schemas['Payment'];

export const STATUS_TONES: Record<Payment['status'], string> = { posted: 'good', suspended: 'warn', reversed: 'bad' };

/** The month that lies `count` months after one written yyyy-mm. */
export function monthAfter(first: string, count: number): string {
  const [year = 0, number = 1] = first.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + count, 1)).toISOString().slice(0, 7);
}

/** "Melindungi Maret – Mei 2026"; money that bought nothing yet is her credit. */
export function boughtWords(payment: Payment): string {
  if (payment.first_month && payment.months) {
    return t('cost.buys', { span: monthSpan(payment.first_month, monthAfter(payment.first_month, payment.months - 1)) });
  }
  return t('slip.credit');
}
