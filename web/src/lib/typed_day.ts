// A day as it is typed: three fields of a form.
import type { DayText } from './figures';
import type { Answers } from './report';

/** "2026-03-05" of three fields, when there is such a day. */
export function dayOf(answers: Answers, name: string): DayText | undefined {
  const [day, month, year] = ['Day', 'Month', 'Year'].map((part) => (answers[name + part] ?? '').trim());
  if (!/^\d{1,2}$/.test(day ?? '') || !/^\d{1,2}$/.test(month ?? '') || !/^\d{4}$/.test(year ?? '')) {
    return undefined;
  }
  const text = `${year}-${month?.padStart(2, '0')}-${day?.padStart(2, '0')}`;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text ? text : undefined;
}

export function withDay(name: string, day: DayText): Answers {
  const [year = '', month = '', number = ''] = day.split('-');
  return { [`${name}Day`]: String(Number(number)), [`${name}Month`]: String(Number(month)), [`${name}Year`]: year };
}
