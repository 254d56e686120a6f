import { createTestDatabase, type TestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { beginExecution, claimOperations } from './claim/claim';
import { takeBackOperation } from './claim/takeBack';
import { commitPlans, type PlanWrite } from './commit/commitPlans';
import { beatLeases, extendLease, findExpiredLeases } from './leases/leases';
import { countPublication, loadArmedTicks, recordMessageIds } from './ledger/ledger';
import { loadPromptContexts } from './prompt/promptContext';
import { readFeed, replayFeed } from './reads/activityFeed';
import { loadMemories } from './reads/memories';
import { findOperation } from './reads/operationRefs';
import type { Queryable } from './sql/queryable';
import { loadDependentIds, loadTaskStates } from './state/taskState';
import { writeSteps } from './steps/writeSteps';
import { findStrandedTasks } from './sweeps/strandedTasks';
import { findFarArms, findOrphans, takeLostTicks, takeUnpublishedArms } from './sweeps/watchdogSweeps';
import { appendMessages } from './writes/transcript';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const now = new Date(0);
const id = '00000000-0000-7000-8000-000000000000';
const sweep = { now, graceSeconds: 60, limit: 10 };

/** Of a run that has cost something: it is committed by a variant of the statement. */
const SPENDING: PlanWrite = {
  task_id: id,
  user_id: '',
  revision: 0,
  from_status: 'running',
  to_status: 'running',
  scheduler: null,
  error: null,
  reason: null,
  arm: null,
  end_tick: null,
  fields: null,
  dropped: [],
  operation: null,
  briefs: [],
  resolved: [],
  recover: [],
  outage: null,
  messages: [],
  comments: [],
  subtasks: [],
  memory: null,
  documents: [],
  spend: null,
  is_idle: true,
  activities: [],
  group: 0,
  group_size: 1,
};

/**
 * Every statement of the hot path, as Postgres receives it. Statements are joined from parts: an edit of a
 * part that changes the text of a statement, and so perhaps its plan, has to show in `test/statements`.
 */
const HOT: [name: string, run: (db: Queryable) => Promise<unknown>][] = [
  ['append_messages', (db) => appendMessages(db, [], now)],
  ['beat_leases', (db) => beatLeases(db, [], now)],
  ['begin_execution', (db) => beginExecution(db, { operationId: id, callbackHash: '' }, now)],
  ['claim', (db) => claimOperations(db, [], now)],
  ['claim_alone', (db) => claimOperations(db, [], now, 'alone')],
  ['commit_plans', (db) => commitPlans(db, [], now)],
  ['commit_plans_alone', (db) => commitPlans(db, [], now, 'alone')],
  ['commit_spend', (db) => commitPlans(db, [SPENDING], now)],
  ['count_publication', (db) => countPublication(db, { taskId: id, tickToken: id }, now)],
  ['extend_lease', (db) => extendLease(db, id, now, now)],
  ['find_expired_leases', (db) => findExpiredLeases(db, sweep)],
  ['find_far_arms', (db) => findFarArms(db, { ...sweep, after: null })],
  ['find_operation', (db) => findOperation(db, id)],
  ['find_orphans', (db) => findOrphans(db, sweep)],
  ['find_stranded', (db) => findStrandedTasks(db, { limit: 10, after: null })],
  ['load_armed', (db) => loadArmedTicks(db, { dueBefore: now, after: null, limit: 10 })],
  ['load_dependents', (db) => loadDependentIds(db, [])],
  ['load_memories', (db) => loadMemories(db, [])],
  ['load_task_states', (db) => loadTaskStates(db, [])],
  ['prompt_contexts', (db) => loadPromptContexts(db, [])],
  ['read_feed', (db) => readFeed(db, { position: { tx: 0n, id: 0n, open: [] }, rest: null }, 10)],
  ['record_message_ids', (db) => recordMessageIds(db, [])],
  [
    'replay_feed',
    (db) => replayFeed(db, { userId: '', taskId: null, after: { tx: 0n, id: 0n, open: [] }, limit: 10 }),
  ],
  ['take_back_operation', (db) => takeBackOperation(db, id, now)],
  ['take_lost', (db) => takeLostTicks(db, sweep)],
  ['take_unpublished', (db) => takeUnpublishedArms(db, sweep)],
  ['write_steps', (db) => writeSteps(db, [], now)],
  ['write_steps_alone', (db) => writeSteps(db, [], now, 'alone')],
];

test.each(HOT)('%s has the text that was reviewed', async (name, run) => {
  const client = await database.database.pool.connect();
  try {
    await run(client);
    const { rows } = await client.query<{ statement: string }>(
      'select statement from pg_prepared_statements where name = $1',
      [`everbeat_${name}`],
    );
    await expect(rows[0]?.statement).toMatchFileSnapshot(`../test/statements/${name}.sql`);
  } finally {
    client.release(true);
  }
});
