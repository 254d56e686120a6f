import { type ImportedWatch, readWatchFile } from '@everbeat/agents';
import { createAgent, createTasks, readAgents } from '@everbeat/database';
import {
  AppError,
  type Clock,
  defaultTaskName,
  type Ids,
  type ImportedTask,
  type ImportPreview,
  LIMITS,
  STARTER_AGENT,
  type TaskFields,
} from '@everbeat/domain';
import type { Pool } from 'pg';
import type { SecretsService } from '../secrets/SecretsService';
import type { TaskLifecycleService } from '../taskLifecycle/TaskLifecycleService';
import { duplicatesOf } from './duplicates';
import { type ExportFormat, exportWatches } from './exportWatches';

export interface WatchTransferDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  lifecycle: Pick<TaskLifecycleService, 'begin' | 'delete'>;
  secrets: Pick<SecretsService, 'sealTask'>;
  heartbeatMinSeconds: number;
}

export interface ImportChoice {
  /** The places in the file of the watches to import. */
  rows: readonly number[];
  /** For those of which the file says nothing. */
  everySeconds: number;
  /** How many were imported from the same file before: their first runs come before these. */
  after: number;
}

/** How many of what was imported are deleted at the same time. */
const DELETED_AT_ONCE = 50;

/** Brings watches in from files of this and other programs, and out to them. */
export class WatchTransferService {
  constructor(private readonly deps: WatchTransferDeps) {}

  /** What a file holds; nothing is stored. @throws AppError `invalid-input` */
  async preview(userId: string, file: Uint8Array): Promise<ImportPreview> {
    const { format, watches } = readWatchFile(file);
    const duplicates = await duplicatesOf(this.deps.pool, userId, watches);
    return {
      format,
      rows: watches.map(({ settings: _, ...watch }, row) => ({
        ...watch,
        row,
        duplicate: duplicates[row] ?? null,
      })),
    };
  }

  /**
   * Creates the chosen watches of a file and starts them, all or none. Those that the file says are paused
   * are paused.
   * @throws AppError `invalid-input`, `limit-reached`, `secrets-key-missing`, `secrets-unreadable`
   */
  async import(userId: string, file: Uint8Array, choice: ImportChoice): Promise<ImportedTask[]> {
    const { pool, clock, ids, lifecycle, secrets } = this.deps;
    const chosen = chosenOf(readWatchFile(file).watches, choice.rows);
    const agentId = await this.watchAgentId(userId);
    const tasks = await Promise.all(
      chosen.map(async ({ watch }) => {
        const id = ids.row();
        const config = await secrets.sealTask(userId, id, { watch: { ...watch.settings } });
        return { id, userId, config, ...this.fieldsOf(watch, agentId, choice.everySeconds) };
      }),
    );
    const beginnings = chosen.map(({ watch }, index) => ({
      taskId: tasks[index]?.id ?? '',
      startsAfterSeconds: watch.isPaused ? null : (choice.after + index) * LIMITS.importStaggerSeconds,
    }));
    let publish = async (): Promise<void> => undefined;
    const created = await createTasks(pool, { userId, agentId, tasks }, clock.now(), async (client) => {
      publish = await lifecycle.begin(client, beginnings);
    });
    await publish();
    return created.map(({ id, identifier, name }, index) => ({
      id,
      identifier,
      name,
      row: chosen[index]?.row ?? 0,
    }));
  }

  /**
   * Deletes tasks, such as those of an import. Those that are gone already are passed over. Returns how many
   * it deleted.
   * @throws AppError `task-not-found` when there is none of them
   */
  async undo(userId: string, taskIds: readonly string[]): Promise<number> {
    let deleted = 0;
    for (let start = 0; start < taskIds.length; start += DELETED_AT_ONCE) {
      const part = taskIds.slice(start, start + DELETED_AT_ONCE);
      const outcomes = await Promise.all(part.map((id) => this.isDeleted(userId, id)));
      deleted += outcomes.filter(Boolean).length;
    }
    if (deleted === 0) throw new AppError('task-not-found', 'None of these tasks is there any more');
    return deleted;
  }

  /** The watches as a file, in parts. */
  export(userId: string, format: ExportFormat): AsyncGenerator<string, void> {
    return exportWatches(this.deps, userId, format);
  }

  private async isDeleted(userId: string, taskId: string): Promise<boolean> {
    try {
      await this.deps.lifecycle.delete(userId, taskId);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'task-not-found') return false;
      throw error;
    }
  }

  private async watchAgentId(userId: string): Promise<string> {
    const { pool, clock, ids } = this.deps;
    const watcher = (await readAgents(pool, userId)).find(({ kind }) => kind === 'watch');
    if (watcher !== undefined) return watcher.id;
    return (await createAgent(pool, { id: ids.row(), userId, ...STARTER_AGENT }, clock.now())).id;
  }

  private fieldsOf(watch: ImportedWatch, agentId: string, everySeconds: number): Omit<TaskFields, 'config'> {
    const instruction = `Tell me when ${watch.settings?.url ?? watch.url} changes, and what changed.`;
    const { schedule } = watch;
    const interval = Math.max(watch.intervalSeconds ?? everySeconds, this.deps.heartbeatMinSeconds);
    return {
      name: watch.name ?? defaultTaskName(instruction),
      instruction,
      agentId,
      parentTaskId: null,
      automationMode: schedule === null ? 'heartbeat' : 'schedule',
      heartbeatInterval: schedule === null ? interval : null,
      schedulePattern: schedule?.pattern ?? null,
      scheduleTimezone: schedule?.timezone ?? null,
      heartbeatTimeout: LIMITS.leaseSecondsDefault,
      priority: 0,
      maxTopics: null,
    };
  }
}

/** @throws AppError `invalid-input` when there is no such row, or what it describes cannot be watched */
function chosenOf(watches: readonly ImportedWatch[], rows: readonly number[]) {
  if (rows.length === 0) throw new AppError('invalid-input', 'Choose at least one watch to import');
  if (rows.length > LIMITS.importedAtOnceMax) {
    throw new AppError('invalid-input', `At most ${LIMITS.importedAtOnceMax} watches are imported at once`);
  }
  return [...new Set(rows)].map((row) => {
    const watch = watches[row];
    if (watch === undefined) throw new AppError('invalid-input', `The file has no watch number ${row}`);
    if (watch.settings === null) throw new AppError('invalid-input', `${watch.url}: ${watch.problem ?? ''}`);
    return { watch, row };
  });
}
