import { LIMITS } from '@everbeat/domain';

/** For how long a process has a bot, as an interval in SQL. */
export const LEASE = `make_interval(secs => ${LIMITS.botLeaseSeconds})`;

/** The remembered ids with a new one at the end: the oldest ones are dropped where there are too many. */
export const remembering = (id: string): string =>
  `(handled_updates || ${id})[greatest(1, cardinality(handled_updates) + 2 - ${LIMITS.handledUpdatesKept}):]`;
