const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3_600,
  hr: 3_600,
  hour: 3_600,
  d: 86_400,
  day: 86_400,
  w: 604_800,
  week: 604_800,
};

/** A number, `a`, `an` or nothing, and a unit. */
const PART = /(\d+(?:[.,]\d+)?|an?\b)?\s*([a-z]+)/y;

/**
 * Reads a time as people write it: "10 minutes", "90s", "1h 30m", "1 hour and 30 minutes", "every hour".
 * Returns whole seconds, or null when the text is something else or has no unit.
 */
export function parseDuration(text: string): number | null {
  const words = text
    .toLowerCase()
    .replace(/^\s*every\b/, '')
    .replace(/,(?!\d)|\band\b/g, ' ')
    .trim();
  let seconds = 0;
  let position = 0;
  while (position < words.length) {
    PART.lastIndex = position;
    const [part, amount, unit = ''] = PART.exec(words) ?? [];
    const unitSeconds = secondsOf(unit);
    if (part === undefined || unitSeconds === undefined) return null;
    seconds += numberOf(amount) * unitSeconds;
    position += part.length + (/^\s*/.exec(words.slice(position + part.length))?.[0].length ?? 0);
  }
  const whole = Math.round(seconds);
  return words === '' || Math.abs(whole - seconds) > 1e-6 ? null : whole;
}

const secondsOf = (unit: string): number | undefined => {
  const singular = unit.length > 1 && unit.endsWith('s') ? unit.slice(0, -1) : unit;
  return Object.hasOwn(UNIT_SECONDS, singular) ? UNIT_SECONDS[singular] : undefined;
};

const numberOf = (amount: string | undefined): number =>
  amount === undefined || amount.startsWith('a') ? 1 : Number(amount.replace(',', '.'));

/** What is wrong with a text that `parseDuration` does not take. */
export const explainDuration = (text: string): string =>
  /^\s*\d+([.,]\d+)?\s*$/.test(text)
    ? `Add a unit: ${text.trim()} minutes, ${text.trim()} seconds or ${text.trim()} hours`
    : 'Write a time such as 10 minutes, 90 seconds or 2 hours';
