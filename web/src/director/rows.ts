// The rows of a split, as the table and the map want them.
import { COUNTED, valueOf, type Figures, type Row } from './measures';
import type { SortColumn } from './question';

const ADDED = [...COUNTED, 'paid'] as const;

export function add(a: Figures, b: Figures): Figures {
  return Object.fromEntries(ADDED.map((name) => [name, a[name] + b[name]])) as Figures;
}

/** Regencies added up to their provinces; what is one already stays. */
export function foldProvinces(rows: readonly Row[], names: Record<string, string>): Row[] {
  const provinces = new Map<string, Row>();
  for (const row of rows) {
    const code = row.code.slice(0, 2);
    const before = provinces.get(code);
    const figures = before ? add(before, row) : row;
    provinces.set(code, { ...figures, code, name: names[code] ?? code });
  }
  return [...provinces.values()];
}

/** By a column; equal ones, and those without a figure last, by name. */
export function sorted(rows: readonly Row[], column: SortColumn, rising: boolean): Row[] {
  const sign = rising ? 1 : -1;
  const byName = (a: Row, b: Row) => a.name.localeCompare(b.name, 'id');
  if (column === 'name') {
    return [...rows].sort((a, b) => sign * byName(a, b));
  }
  return [...rows].sort((a, b) => {
    const [left, right] = [valueOf(a, column), valueOf(b, column)];
    if (left === undefined || right === undefined || left === right) {
      return Number(left === undefined) - Number(right === undefined) || byName(a, b);
    }
    return sign * (left - right);
  });
}

/** Rows in which anything was ever counted. */
export function present(rows: readonly Row[]): Row[] {
  return rows.filter((row) => ADDED.some((name) => row[name] !== 0));
}
