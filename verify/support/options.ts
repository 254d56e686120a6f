import { fail } from '../../scripts/lib/project';

/** Calls `parse` on the command line. If that throws, prints the error and the usage, and exits with 1. */
export function readOptions<Options>(usage: string, parse: () => Options): Options {
  try {
    return parse();
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
}

/** The value of an option as a whole number. @throws Error naming the option, unless `min` ≤ value ≤ `max` */
export function wholeNumber(
  option: string,
  text: string,
  { min = 1, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  throw new Error(`--${option} takes a whole number ${range}, not "${text}"`);
}
