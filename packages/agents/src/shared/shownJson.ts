/**
 * As JSON, of a value that others wrote: JSON can be nested more deeply than it can be written down. Never
 * throws.
 */
export function shownJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '(nested too deeply to be shown)';
  }
}
