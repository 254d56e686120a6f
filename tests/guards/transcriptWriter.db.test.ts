import type { Queryable } from '@everbeat/database';
import { silentLogger } from '@everbeat/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemIds } from '@/server/runtime/adapters';
import { TranscriptWriter } from '@/server/services/taskRunner/transcriptWriter';
import { createGuardWorld, type GuardWorld } from '../support/guardWorld';

/** The writer of one run's transcript, on a database that can fail. The clock waits for its statements. */
let world: GuardWorld;
let writer: TranscriptWriter;
let topicId: string;
let run: ConstructorParameters<typeof TranscriptWriter>[1];
let deps: ConstructorParameters<typeof TranscriptWriter>[0];
let isDatabaseAway: boolean;
let nudges: number;

beforeAll(async () => {
  world = await createGuardWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  isDatabaseAway = false;
  nudges = 0;
  const { pool } = world.testDatabase.database;
  let statement: Promise<unknown> = Promise.resolve();
  const db = new Proxy<Queryable>(pool, {
    get: () => (query: { text: string }) => {
      statement = isDatabaseAway ? Promise.reject(new Error('away')) : pool.query(query);
      return statement;
    },
  });
  world.clock.settleWith(async () => {
    await statement.catch(() => undefined);
    // The writer goes on in the turn after its statement has ended.
    await new Promise((resolve) => setImmediate(resolve));
  });
  run = await world.running();
  topicId = run.topicId;
  deps = {
    db,
    clock: world.clock,
    ids: systemIds,
    logger: silentLogger,
    nudge: () => {
      nudges += 1;
    },
  };
  writer = new TranscriptWriter(deps, run);
});

const emit = (...contents: string[]): void => {
  for (const content of contents) writer.emit({ role: 'tool', content });
};
const contentsOf = (entries: readonly { content: string }[]): string[] =>
  entries.map(({ content }) => content);

/** What pages show of the transcript. */
async function shown(): Promise<string[]> {
  const sql = 'select content from everbeat.messages where topic_id = $1 order by id';
  return contentsOf(await world.query<{ content: string }>(sql, [topicId]));
}

describe('the transcript of a run', () => {
  test('is written together, half a second after the first entry, and pages hear of it', async () => {
    emit('one');
    await world.clock.advance(499);
    emit('two');
    expect(await shown()).toEqual([]);
    await world.clock.advance(1);
    expect(await shown()).toEqual(['one', 'two']);
    expect(nudges).toBe(1);

    emit('three');
    await world.clock.advance(500);
    expect(await shown()).toEqual(['one', 'two', 'three']);
    expect(await writer.finish('')).toEqual([]);
  });

  test('is complete and in order, although a part of it could not be written at first', async () => {
    isDatabaseAway = true;
    emit('one', 'two');
    await world.clock.advance(500);
    expect(nudges).toBe(0);
    isDatabaseAway = false;
    emit('three');
    await world.clock.advance(500);
    expect(await shown()).toEqual(['one', 'two', 'three']);
  });

  test('leaves what is not written yet to the statement that settles, with the report at the end', async () => {
    emit('one');
    await world.clock.advance(500);
    emit('two');
    expect(contentsOf(await writer.finish('The report'))).toEqual(['two', 'The report']);
    await world.clock.advance(1_000);
    expect(await shown()).toEqual(['one']);
    expect(await writer.finish('')).toEqual([]);
  });

  test('waits for what is being written when the run ends, so that nothing is stored twice', async () => {
    emit('one');
    const written = world.clock.advance(500);
    const left = await writer.finish('The report');
    await written;
    expect([...(await shown()), ...contentsOf(left)]).toEqual(['one', 'The report']);
  });

  test('has the report once, if the agent has emitted it itself, and none if there is none', async () => {
    writer.emit({ role: 'assistant', content: 'The report' });
    expect(contentsOf(await writer.finish('The report'))).toEqual(['The report']);
    expect(await writer.finish('')).toEqual([]);
  });

  test('has the report after an entry of the same words that was no report', async () => {
    emit('The report');
    expect(contentsOf(await writer.finish('The report'))).toEqual(['The report', 'The report']);
  });

  test('is written at once when the agent goes on elsewhere', async () => {
    emit('one');
    await writer.writeNow();
    expect(await shown()).toEqual(['one']);
    emit('two');
    await world.clock.advance(500);
    expect(await shown()).toEqual(['one', 'two']);
  });

  test('ends after 2,000 entries, and is followed by the report all the same', async () => {
    emit(...Array.from({ length: 2_001 }, (_, index) => `step ${index}`));
    const entries = contentsOf(await writer.finish('The report'));
    expect(entries).toHaveLength(2_001);
    expect(entries.slice(-2)).toEqual(['step 1999', 'The report']);
  });
});

describe('a run that another process has begun', () => {
  /** The writer of the process that goes on with the run of `writer`. */
  const takenOver = () => new TranscriptWriter(deps, run, true);

  test('has its report once, whoever wrote it', async () => {
    writer.emit({ role: 'assistant', content: 'Three ships' });
    await writer.writeNow();
    expect(await takenOver().finish('Three ships')).toEqual([]);
    expect(contentsOf(await takenOver().finish('Four ships'))).toEqual(['Four ships']);
  });

  test('has it twice rather than not at all where what is written cannot be read', async () => {
    writer.emit({ role: 'assistant', content: 'Three ships' });
    await writer.writeNow();
    isDatabaseAway = true;
    expect(contentsOf(await takenOver().finish('Three ships'))).toEqual(['Three ships']);
  });
});
