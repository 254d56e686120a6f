import { LIMITS } from '@everbeat/domain';

/** "37", or "10,000+" where the server stopped counting. */
export const formatCount = (count: number): string => {
  const digits = count.toLocaleString('en');
  return count >= LIMITS.countedTasksMax ? `${digits}+` : digits;
};

const UNITS = ['kB', 'MB', 'GB', 'TB'] as const;

/** "640 kB", "1.2 GB". */
export function formatBytes(bytes: number): string {
  let value = bytes / 1_000;
  let unit = 0;
  while (value >= 1_000 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 })} ${UNITS[unit]}`;
}
