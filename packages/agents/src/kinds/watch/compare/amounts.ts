/**
 * Digits in groups of three, in those of India, or in none, with decimals: `1,299.00`, `1.299,00`, `1
 * 299,00`, `10'000`, `1,00,000`, `49.9`.
 */
const AMOUNT =
  /(?<!\d[:.,/-]?)[-−]?(?:\d{1,3}(?:[ '’.,]\d{3})+(?:[.,]\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?|\d+(?:[.,]\d+)?)(?![\d:]|[.,/-]\d)/;

/** The first number in a text, and as it is written there. Null: there is none. */
export function firstAmount(text: string): { value: number; written: string } | null {
  const written = AMOUNT.exec(text)?.[0];
  return written === undefined ? null : { value: numberOf(written), written };
}

/** Reads the last dot or comma as the decimal mark, unless it only groups the digits. */
function numberOf(written: string): number {
  const text = written.replace('−', '-').replace(/[ '’]/g, '');
  const marks = [...text.matchAll(/[.,]/g)].map((match) => match[0]);
  const last = marks.at(-1);
  if (last === undefined) return Number(text);
  const isGroup =
    marks.filter((mark) => mark === last).length > 1 ||
    (marks.length === 1 && /^-?[1-9]\d{0,2}[.,]\d{3}$/.test(text));
  const decimal = isGroup ? '' : last;
  const digits = text.replace(/[.,]/g, (mark, at: number) =>
    mark === decimal && at === text.lastIndexOf(mark) ? '.' : '',
  );
  return Number(digits);
}

/** How much one number is above another, such as `−10 %`. Null where that says nothing. */
export function percentBetween(before: string, after: string): string | null {
  const [old, now] = [onlyAmount(before), onlyAmount(after)];
  if (old === null || now === null || old === 0 || old === now) return null;
  const percent = ((now - old) / Math.abs(old)) * 100;
  const digits = Math.abs(percent) >= 10 ? 0 : 1;
  const rounded = Math.abs(percent).toFixed(digits).replace(/\.0$/, '');
  return rounded === '0' ? null : `${percent < 0 ? '−' : '+'}${rounded} %`;
}

/** The number of a text that holds one and no other. */
function onlyAmount(text: string): number | null {
  const found = firstAmount(text);
  if (found === null || /\d/.test(text.replace(found.written, ''))) return null;
  return found.value;
}
