export type Cell = string | number | null;

/**
 * Prints rows under a title with numbers aligned right. The keys of the first row are the column headings.
 */
export function printTable(title: string, rows: readonly Record<string, Cell>[]): void {
  console.log(`\n${title}`);
  const heads = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => heads.map((head) => shown(row[head] ?? null)));
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...lines.map((line) => line[column]?.length ?? 0)),
  );
  const isNumber = heads.map((head) => rows.some((row) => typeof row[head] === 'number'));
  const printed = (cells: string[]): string =>
    cells
      .map((cell, column) =>
        isNumber[column] ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  console.log(printed(heads));
  console.log(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const line of lines) console.log(printed(line));
}

/** Three significant digits: more would suggest a precision that such measurements do not have. */
function shown(cell: Cell): string {
  if (cell === null) return '-';
  if (typeof cell === 'string') return cell;
  if (Number.isInteger(cell)) return cell.toLocaleString('en');
  const size = Math.abs(cell);
  return size >= 100 ? Math.round(cell).toLocaleString('en') : cell.toFixed(size >= 10 ? 1 : 2);
}
