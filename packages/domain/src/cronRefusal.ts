/** A field of a cron pattern, as its messages name it. */
interface Field {
  name: string;
  min: number;
  max: number;
  /** What may be written instead of the numbers from `min` on. */
  words: readonly string[];
  /** An item that is meant as a special day. */
  special?: RegExp;
}

const isDigits = (text: string): boolean => /^\d+$/.test(text);

const FIELDS: readonly Field[] = [
  { name: 'minute', min: 0, max: 59, words: [] },
  { name: 'hour', min: 0, max: 23, words: [] },
  { name: 'day of month', min: 1, max: 31, words: [], special: /[LW]/i },
  {
    name: 'month',
    min: 1,
    max: 12,
    words: ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'],
  },
  {
    name: 'weekday',
    min: 0,
    max: 7,
    words: ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'],
    special: /#|L$/i,
  },
];

/** Weekday 7 is Sunday like 0. Only as the end of a range does it come after Saturday. */
const SUNDAY_AGAIN = 7;

/**
 * Why a pattern is refused: which field is wrong, how, and what to write instead. `isPattern` is the parser's
 * own verdict, by which the wrong part is found.
 */
export function explainRefusal(pattern: string, isPattern: (pattern: string) => boolean): string {
  if (pattern.includes(':')) return 'it has a colon; a time of day such as 9:30 is written "30 9 * * *"';
  if (pattern.includes('@')) {
    return 'the only nicknames are @yearly, @annually, @monthly, @weekly, @daily, @midnight and @hourly';
  }
  const texts = pattern.match(/\S+/g) ?? [];
  if (texts.length !== FIELDS.length) {
    const seconds = texts.length === 6 ? '; leave out the seconds' : '';
    return `it has ${texts.length} field${texts.length === 1 ? '' : 's'} instead of minute, hour, day of month, month and weekday${seconds}`;
  }
  for (const [index, field] of FIELDS.entries()) {
    const isAccepted = (text: string) =>
      isPattern(FIELDS.map((_, at) => (at === index ? text : '*')).join(' '));
    const text = texts[index] ?? '';
    if (isAccepted(text)) continue;
    const items = text.split(',');
    if (items.includes('')) return `the ${field.name} "${text}" has a comma too many`;
    const item = items.find((one) => !isAccepted(one)) ?? text;
    return `the ${field.name} "${item}" ${explainItem(field, item)}`;
  }
  return 'its fields do not fit together';
}

/** What is wrong with one item of a list: a value or a range, perhaps with a step. */
function explainItem(field: Field, item: string): string {
  if (field.special?.test(item)) {
    return 'is not a special day; those are L, LW and 15W for the day of month, FRI#2 and FRIL for the weekday';
  }
  const [range = '', step, ...moreSteps] = item.split('/');
  const [from = '', to, ...moreValues] = range.split('-');
  if (moreSteps.length > 0) return 'has more than one step';
  if (moreValues.length > 0) return 'has more than one dash';
  if (to !== undefined && (from === '*' || to === '*')) return 'mixes a range and "*"';
  const values = from === '*' ? [] : [from, to ?? from];
  const wrong = values.find((value) => numberOf(field, value) === null);
  if (wrong !== undefined) return explainValue(field, wrong, item);
  const [fromNumber = 0, toNumber = 0] = values.map((value) => numberOf(field, value) ?? 0);
  if (fromNumber > toNumber) {
    return `runs over the end of the ${field.name}s; write "${wrapped(field, from, to ?? from)}"`;
  }
  const stepMax = field.max - field.min + 1;
  if (step !== undefined && !(isDigits(step) && Number(step) >= 1 && Number(step) <= stepMax)) {
    return `needs a step from 1 to ${stepMax} after the "/"`;
  }
  if (step !== undefined && to === undefined && from !== '*') {
    const start = fromNumber === SUNDAY_AGAIN ? field.min : from;
    return `has a step without a range; write "${start}-${lastOf(field, from)}/${step}"`;
  }
  return 'cannot be read';
}

function explainValue(field: Field, value: string, item: string): string {
  const names = field.words.length === 0 ? '' : ` or a name from ${field.words[0]} to ${field.words.at(-1)}`;
  const which = value === item ? '' : `has "${value}", which `;
  return `${which}is not a number from ${field.min} to ${field.max}${names}`;
}

function numberOf(field: Field, text: string): number | null {
  const word = field.words.indexOf(text.toUpperCase());
  if (word >= 0) return field.min + word;
  const value = isDigits(text) ? Number(text) : Number.NaN;
  return value >= field.min && value <= field.max ? value : null;
}

/** The last value of a field, in words if `like` is a word. */
function lastOf(field: Field, like: string): string {
  if (isDigits(like)) return String(field.max === SUNDAY_AGAIN ? SUNDAY_AGAIN - 1 : field.max);
  return field.words.at(-1) ?? String(field.max);
}

/** A range that runs over the end of its field, as a list of two. */
function wrapped(field: Field, from: string, to: string): string {
  const first = isDigits(to) ? String(field.min) : (field.words[0] ?? String(field.min));
  const rangeOf = (a: string, b: string) => (a === b ? a : `${a}-${b}`).toUpperCase();
  const end = rangeOf(first, to);
  return numberOf(field, from) === SUNDAY_AGAIN ? end : `${rangeOf(from, lastOf(field, from))},${end}`;
}

/** Why a pattern has no next date. Every pattern is due on each of its days, so it must have none. */
export function explainNever(pattern: string): string {
  const [, , day, month, weekday] = pattern.match(/\S+/g) ?? [];
  const onWeekday = weekday === '*' || weekday === '?' ? '' : ` and the weekday "${weekday}"`;
  return `no date has the day of month "${day}" in the month "${month}"${onWeekday}`;
}
