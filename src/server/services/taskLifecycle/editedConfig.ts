import { editedColumns } from '@everbeat/database';
import { configChanges, type TaskConfig } from '@everbeat/domain';
import { shownTaskConfig } from '../secrets/maskedConfig';
import type { TaskWriteExtras } from './planWrite';

/**
 * What a write of a task carries that changes its configuration, with the row of the history that tells of
 * it.
 */
export const editedConfig = (before: TaskConfig, config: TaskConfig): TaskWriteExtras => ({
  fields: editedColumns({ config }),
  activities: [
    { kind: 'edit', reason: 'config', ref_id: null, changes: configChanges(before, config, shownTaskConfig) },
  ],
});
