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

const twoDigits = (value: number): string => String(value).padStart(2, '0');

/** `04:09`, `1:04:09`, `3 d 04 h`. Rounded up, so that it shows zero only when no time is left. */
export function formatCountdown(milliseconds: number): string {
  const total = Math.max(0, Math.ceil(milliseconds / 1_000));
  const days = Math.floor(total / DAY_SECONDS);
  const hours = Math.floor((total % DAY_SECONDS) / HOUR_SECONDS);
  const minutes = Math.floor((total % HOUR_SECONDS) / MINUTE_SECONDS);
  const seconds = total % MINUTE_SECONDS;
  if (days > 0) return `${days} d ${twoDigits(hours)} h`;
  if (hours > 0) return `${hours}:${twoDigits(minutes)}:${twoDigits(seconds)}`;
  return `${twoDigits(minutes)}:${twoDigits(seconds)}`;
}

/** `12` → "12 ms", `1500` → "1.5 s"; from a minute on as `formatDuration`. */
export function formatMilliseconds(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return formatDuration(milliseconds / 1_000);
}
