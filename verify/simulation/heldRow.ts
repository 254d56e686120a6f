import type pg from 'pg';
import type { Coverage } from './coverage';
import type { Snapshot } from './snapshot';

/** The rows of a task that somebody may hold, with the rows that an open transaction of theirs locks. */
const ROWS = {
  task: 'tasks where id = $1',
  operation: `operations where task_id = $1 and status = 'running'`,
  topic: `topics where task_id = $1 and status = 'running'`,
  tick: 'task_ticks where task_id = $1 and outcome is null',
  brief: 'briefs where task_id = $1 and resolved_at is null',
  owner: 'users where id = (select user_id from everbeat.tasks where id = $1)',
} as const;
export type HeldRowKind = keyof typeof ROWS;
export const HELD_ROWS: readonly HeldRowKind[] = ['task', 'operation', 'topic', 'tick', 'brief', 'owner'];

/** Rows of one task that another session has locked, as one left open in a console does. */
export class HeldRow {
  private client: pg.PoolClient | null = null;
  private stepsLeft = 0;

  constructor(private readonly parts: { pool: pg.Pool; coverage: Coverage }) {}

  /** Holds the rows for so many steps. Does nothing while others are held, or if there are none. */
  async take(what: HeldRowKind, taskId: string, steps: number): Promise<void> {
    if (this.client !== null) return;
    const client = await this.parts.pool.connect();
    await client.query('begin');
    const { rowCount } = await client.query(`select 1 from everbeat.${ROWS[what]} for update`, [taskId]);
    this.client = client;
    this.stepsLeft = steps;
    if (rowCount === 0) return this.letGo();
    this.parts.coverage.count('held row', what);
  }

  /** To be called after each step. */
  async afterStep(): Promise<void> {
    this.stepsLeft -= 1;
    if (this.stepsLeft < 0) await this.letGo();
  }

  async letGo(): Promise<void> {
    const { client } = this;
    this.client = null;
    await client?.query('rollback');
    client?.release();
  }

  /** The task that is picked from those of the snapshot by an index of any size. */
  static pick({ tasks }: Snapshot, target: number): string | undefined {
    return [...tasks.keys()][target % Math.max(1, tasks.size)];
  }
}
