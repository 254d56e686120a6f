import { deleteSavedFilter, readSavedFilters, saveFilter } from '@everbeat/database';
import { AppError, type Clock, LIMITS, type SavedFilterView } from '@everbeat/domain';
import type { Pool } from 'pg';

/** The filters of the list of tasks that a person has given a name. */
export class SavedFilterService {
  constructor(private readonly deps: { pool: Pool; clock: Clock }) {}

  /** All of them, by name. */
  list(userId: string): Promise<SavedFilterView[]> {
    return readSavedFilters(this.deps.pool, userId);
  }

  /** Replaces the one of the same name, and returns all of them. @throws AppError `limit-reached` */
  async save(userId: string, filter: SavedFilterView): Promise<SavedFilterView[]> {
    const { pool, clock } = this.deps;
    if (!(await saveFilter(pool, { userId, ...filter }, clock.now()))) {
      throw new AppError(
        'limit-reached',
        `There are ${LIMITS.savedFiltersMax} saved filters already. Remove one that you no longer use`,
      );
    }
    return this.list(userId);
  }

  /** Removing one that is not there changes nothing. */
  async remove(userId: string, name: string): Promise<void> {
    await deleteSavedFilter(this.deps.pool, { userId, name });
  }
}
