import type { Ids } from '@everbeat/domain';
import type { Random } from '../support/random';

/** Ids that are determined by the seed; those of rows are in ascending order, as UUIDs of version 7 are. */
export function createSeededIds(random: Random): Ids {
  let rows = 0;
  const hex = (digits: number): string =>
    Array.from({ length: digits }, () => random.int(0, 15).toString(16)).join('');
  const uuid = (first12: string, version: number): string =>
    `${first12.slice(0, 8)}-${first12.slice(8)}-${version}${hex(3)}-8${hex(3)}-${hex(12)}`;
  return {
    row() {
      rows += 1;
      return uuid(`01${rows.toString(16).padStart(10, '0')}`, 7);
    },
    token: () => uuid(hex(12), 4),
    secret: () => hex(32),
  };
}
