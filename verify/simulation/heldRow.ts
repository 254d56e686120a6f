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
  channel: 'channels where user_id = (select user_id from everbeat.tasks where id = $1)',
  delivery: `deliveries where task_id = $1 and status in ('pending', 'sending')`,
} as const;
export type HeldRowKind = keyof typeof ROWS;
export const HELD_ROWS: readonly HeldRowKind[] = [
  ...(['task', 'operation', 'topic', 'tick', 'brief', 'owner', 'channel', 'delivery'] as const),
];

const OF_RUNS: readonly HeldRowKind[] = ['operation', 'topic'];

/**
 * What may meet the rows of channels that somebody holds: what sends to them, and what people do with them.
 */
const OF_CHANNELS =
  /^everbeat_(record_(sent|not_sent|channel_works)|open_channel_brief|(update|delete)_channel|write_task_rules|ask_for_delivery|recover_deliveries|remove_)|^update everbeat\.deliveries /;

/** What records how a message ended: its first value is the id of the message. */
const RECORDS = /^everbeat_record_(not_)?sent$/;

async function sendingOf(client: pg.PoolClient, taskId: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(
    `select message_id as id from everbeat.deliveries where task_id = $1 and status = 'sending'`,
    [taskId],
  );
  return rows.map(({ id }) => id);
}

/** Rows of one task that another session has locked, as one left open in a console does. */
export class HeldRow {
  private client: pg.PoolClient | null = null;
  private held: HeldRowKind | null = null;
  /** The messages of deliveries that are held. */
  private sending: readonly string[] = [];
  private stepsLeft = 0;

  constructor(
    private readonly parts: { pool: pg.Pool; coverage: Coverage; reportViolation(what: string): void },
  ) {}

  /**
   * A statement failed because of the rows. No run may begin or settle later because of a channel
   * (PROTOCOL §11), and no message be recorded later because of another one.
   */
  met({ name, messageId }: { name: string; messageId: string }): void {
    this.parts.coverage.count('fault', 'held row met');
    if (this.held !== 'channel' && this.held !== 'delivery') return;
    const isOfOther = this.held === 'delivery' && RECORDS.test(name) && !this.sending.includes(messageId);
    if (!OF_CHANNELS.test(name) || isOfOther)
      this.parts.reportViolation(`17: ${name} waited for a ${this.held} that somebody holds`);
  }

  /** Holds the rows for so many steps. Does nothing while others are held, or if there are none. */
  async take(what: HeldRowKind, taskId: string, steps: number): Promise<void> {
    if (this.client !== null) return;
    const client = await this.parts.pool.connect();
    await client.query('begin');
    const { rowCount } = await client.query(`select 1 from everbeat.${ROWS[what]} for update`, [taskId]);
    this.client = client;
    this.held = what;
    this.sending = what === 'delivery' ? await sendingOf(client, taskId) : [];
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
    this.held = null;
    await client?.query('rollback');
    client?.release();
  }

  /**
   * The task whose rows are held, by an index of any size: one that runs, for the rows that only these have.
   */
  static pick({ tasks }: Snapshot, what: HeldRowKind, target: number): string | undefined {
    const having = [...tasks.values()].filter(
      ({ status }) => !OF_RUNS.includes(what) || status === 'running',
    );
    return having[target % Math.max(1, having.length)]?.id;
  }
}
