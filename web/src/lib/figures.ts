// Money, days and months as people read them. Javanese, Sundanese and Madurese have no data of
// their own in browsers that one could trust: figures and months are as in Indonesian.
import { language } from './texts.svelte';

/** "2026-03" and "2026-03-15", as the rules write them. */
export type MonthText = string;
export type DayText = string;

/** Asia/Jakarta: UTC+7, without summer time. */
const JAKARTA_MS = 7 * 3_600_000;

function locale(): string {
  return language() === 'en' ? 'en-GB' : 'id-ID';
}

/** "Rp 16.800"; the space never breaks. */
export function money(rupiah: number): string {
  return `Rp\u00a0${new Intl.NumberFormat(locale(), { maximumFractionDigits: 0 }).format(rupiah)}`;
}

/** "16.800"; "3,5" with one place. */
export function count(number: number, places = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: places }).format(number);
}

/** "1,2 rb", for a scale. */
export function brief(number: number): string {
  return new Intl.NumberFormat(locale(), { notation: 'compact', maximumSignificantDigits: 2 }).format(number);
}

/** "5,63 %" from parts per million. */
export function percent(ppm: number): string {
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(ppm / 10_000)}\u00a0%`;
}

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { timeZone: 'UTC', ...options }).format(date);
}

/** "15 Maret 2026". */
export function day(text: DayText): string {
  return format(new Date(`${text}T00:00:00Z`), { day: 'numeric', month: 'long', year: 'numeric' });
}

/** "Maret 2026". */
export function month(text: MonthText): string {
  return format(new Date(`${text}-01T00:00:00Z`), { month: 'long', year: 'numeric' });
}

/** "Maret", where the year is said already. */
export function monthName(text: MonthText): string {
  return format(new Date(`${text}-01T00:00:00Z`), { month: 'long' });
}

/** "Mar", where there is little room. */
export function monthShort(text: MonthText): string {
  return format(new Date(`${text}-01T00:00:00Z`), { month: 'short' });
}

/** "Maret 2026" or "Maret–Mei 2026". */
export function monthSpan(first: MonthText, last: MonthText): string {
  if (first === last) {
    return month(first);
  }
  const sameYear = first.slice(0, 4) === last.slice(0, 4);
  const begin = format(new Date(`${first}-01T00:00:00Z`), sameYear ? { month: 'long' } : { month: 'long', year: 'numeric' });
  return `${begin} – ${month(last)}`;
}

/** The last day of a month. */
export function lastDay(text: MonthText): DayText {
  const [year = 0, number = 1] = text.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}

/** Today where the scheme is in force. */
export function today(now: number = Date.now()): DayText {
  return new Date(now + JAKARTA_MS).toISOString().slice(0, 10);
}

/** "1000 0000 0010": long numbers as people read them aloud. */
export function inFours(digits: string): string {
  return digits.replace(/(\d{4})(?=\d)/g, '$1 ');
}

/** "15 Maret 2026 09.00", where the scheme is in force. */
export function moment(text: string): string {
  const at = new Date(Date.parse(text) + JAKARTA_MS);
  const time = format(at, { hour: '2-digit', minute: '2-digit', hour12: false });
  return `${day(at.toISOString().slice(0, 10))}, ${time}`;
}
