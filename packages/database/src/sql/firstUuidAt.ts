/** The first UUID 7 of a millisecond: ids that were made since then are not before it. */
export const firstUuidAt = (instant: Date): string => {
  const hex = Math.max(0, instant.getTime()).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
};

/**
 * The first id that is further ahead than a clock that is right can have made, in SQL. An id is of the future
 * only if the host's clock (`now`) and the database's both say so: then a clock was ahead when it was made.
 */
export const firstFutureId = (now: string): string =>
  `(lpad(to_hex((extract(epoch from ${latest(now)}) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid`;

/** The latest instant that a clock that is right can have told, in SQL. */
export const latest = (now: string): string => `(greatest(${now}, now()) + interval '1 hour')`;
