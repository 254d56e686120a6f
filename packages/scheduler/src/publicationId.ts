import type { ScheduledTick } from './port';

/** `<token>-<publication>`: names one publication of one arm (PROTOCOL §3.4). */
export const publicationId = (tick: Pick<ScheduledTick, 'tickToken' | 'publication'>): string =>
  `${tick.tickToken}-${tick.publication}`;
