import type { ArmedTick } from '@everbeat/domain';

/** `<token>-<publication>`: identifies one publication of one arm (PROTOCOL §3.4). */
export const publicationId = (tick: Pick<ArmedTick, 'tickToken' | 'publication'>): string =>
  `${tick.tickToken}-${tick.publication}`;
