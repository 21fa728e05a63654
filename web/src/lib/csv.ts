// A table as CSV that a spreadsheet reads as it is meant: nothing in it becomes a formula.

export type Cell = string | number | undefined;

function written(cell: Cell): string {
  if (typeof cell === 'number') {
    return String(cell);
  }
  const text = /^[=+\-@\t\r]/.test(cell ?? '') ? `'${cell}` : (cell ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** With the mark by which spreadsheets know UTF-8. */
export function csvOf(rows: readonly (readonly Cell[])[]): string {
  return `\ufeff${rows.map((row) => `${row.map(written).join(',')}\r\n`).join('')}`;
}
