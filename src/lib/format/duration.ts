const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3_600;
const DAY_SECONDS = 86_400;

const UNITS = [
  { name: 'day', seconds: DAY_SECONDS },
  { name: 'hour', seconds: HOUR_SECONDS },
  { name: 'minute', seconds: MINUTE_SECONDS },
  { name: 'second', seconds: 1 },
] as const;

const count = (amount: number, name: string): string => `${amount} ${name}${amount === 1 ? '' : 's'}`;

/** `5400` → "1 hour 30 minutes". Units that are zero are left out. */
export function formatDuration(seconds: number): string {
  let remaining = Math.max(0, Math.round(seconds));
  const parts: string[] = [];
  for (const unit of UNITS) {
    const amount = Math.floor(remaining / unit.seconds);
    remaining -= amount * unit.seconds;
    if (amount > 0) parts.push(count(amount, unit.name));
  }
  return parts.length === 0 ? '0 seconds' : parts.join(' ');
}

/** "every minute", "every 15 minutes", "every 1 hour 30 minutes". */
export function formatInterval(seconds: number): string {
  const unit = UNITS.find((candidate) => candidate.seconds === seconds);
  return unit === undefined ? `every ${formatDuration(seconds)}` : `every ${unit.name}`;
}

/**
 * "45 s", "12 min", "23 h 51 min", "3 d 4 h": two units at most. Rounded up, so that a wait shows zero only
 * when it is over.
 */
export function formatSpan(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000));
  if (seconds < MINUTE_SECONDS) return `${seconds} s`;
  const minutes = Math.ceil(seconds / MINUTE_SECONDS);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined(hours, 'h', minutes % 60, 'min');
  const wholeHours = Math.ceil(minutes / 60);
  return joined(Math.floor(wholeHours / 24), 'd', wholeHours % 24, 'h');
}

const joined = (large: number, unit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smallUnit}`;

/** `12` → "12 ms", `1500` → "1.5 s"; from a minute on as `formatDuration`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return formatDuration(milliseconds / 1_000);
}
