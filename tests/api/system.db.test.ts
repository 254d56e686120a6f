import { createDatabase, type DatabaseConnection } from '@everbeat/database';
import { COMMAND_EXPOSURES, LIMITS } from '@everbeat/domain';
import { createTestClock, createTestDatabase } from '@everbeat/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessRefusal } from '@/server/http/access';
import { systemIds } from '@/server/runtime/adapters';
import { ensureLocalUser, LOCAL_USER_ID } from '@/server/services/system/localUser';
import { type SystemFacts, SystemService } from '@/server/services/system/SystemService';
import { whileHeld } from '../support/heldRows';
import { createWorld, type World } from '../support/world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('system.status', () => {
  it('counts armed, overdue and running tasks', async () => {
    const [scheduled, late, running] = [
      await world.createTask(),
      await world.createTask(),
      await world.createTask(),
    ];
    await world.lifecycle.start(world.userId, scheduled.id);
    await world.beat(scheduled.id);
    await world.lifecycle.start(world.userId, late.id);
    await world.clock.advance(2_000);
    world.agent.hold();
    await world.runner.run(world.userId, { taskId: running.id });

    expect(await world.system.status(world.userId)).toMatchObject({ armed: 2, overdue: 1, running: 1 });
    world.agent.release();
    await world.runner.idle();
    expect(await world.system.status(world.userId)).toMatchObject({ armed: 3, overdue: 1, running: 0 });
  });

  it('counts up to LIMITS.countedTasksMax', async () => {
    await world.createUser('busy');
    const scheduler = { tickToken: systemIds.token(), dueAt: '2000-01-01T00:00:00.000Z' };
    await world.query(
      `insert into everbeat.tasks (id, user_id, number, identifier, name, instruction, status, context)
       select gen_random_uuid(), 'busy', n, 'T-' || n, '', '', 'scheduled', $2::jsonb from generate_series(1, $1::int) n`,
      [LIMITS.countedTasksMax + 5, JSON.stringify({ scheduler })],
    );
    const countedTasksMax = LIMITS.countedTasksMax;
    expect(await world.system.status('busy')).toMatchObject({
      armed: countedTasksMax,
      overdue: countedTasksMax,
    });
    expect(await world.system.status(world.userId)).toMatchObject({ armed: 3, overdue: 1 });
    await world.query(`delete from everbeat.tasks where user_id = 'busy'`);
  });

  it('returns the last sweep of the watchdog, or null before the first', async () => {
    expect((await world.system.status(world.userId)).lastWatchdogRun).toBeNull();
    await world.watchdog.sweep();

    const { lastWatchdogRun } = await world.system.status(world.userId);
    expect(lastWatchdogRun).toMatchObject({ at: world.clock.now(), stuck: 0 });
  });

  it('says what confines commands, and nothing where there are none', async () => {
    expect((await world.system.status(world.userId)).commandSandbox).toBeNull();
    const other = await createWorld({ env: { AGENT_COMMANDS: '{"review":"cat"}', COMMAND_SANDBOX: 'off' } });
    const { commandSandbox } = await other.system.status(other.userId);
    expect(commandSandbox).toMatchObject({ kind: 'none', exposed: COMMAND_EXPOSURES, refuses: false });
    await other.close();
  });

  it('says how many wrong passwords were given, and when the last one was', async () => {
    expect((await world.system.status(world.userId)).wrongPasswords).toBeNull();
    const settings = { APP_URL: 'http://localhost:3000', ACCESS_PASSWORD: 'correct horse battery' };
    const headers = new Headers({ host: 'localhost:3000', authorization: `Basic ${btoa('me:guessed')}` });
    for (const method of ['GET', 'POST']) await accessRefusal({ method, headers }, settings);
    expect((await world.system.status(world.userId)).wrongPasswords).toEqual({
      count: 2,
      lastAt: expect.any(Date),
    });
    globalThis.everbeatPasswordGuard = undefined;
  });

  it('ignores a stored watchdog record that cannot be read', async () => {
    await world.query(`insert into everbeat.system_state (key, value, updated_at) values ('watchdog', '"?"', now())
      on conflict (key) do update set value = excluded.value`);
    expect((await world.system.status(world.userId)).lastWatchdogRun).toBeNull();
  });
});

describe('readiness', () => {
  const facts: SystemFacts = {
    mode: 'local',
    scheduler: 'local',
    database: 'embedded',
    version: '0',
    commands: [],
    repositories: [],
    mailConfigured: false,
    heartbeatMinSeconds: 10,
  };
  const [feed, commandSandbox] = [{ streams: 0 }, async () => null];
  const models = { isConfigured: async () => false };
  const secrets = { view: async () => ({ key: 'none', problem: null }) as const };
  const readiness = { notReady: async () => [] };
  const never = new Promise<void>(() => undefined);

  it('is ok when the database and the scheduler answer', async () => {
    const system = new SystemService({
      pool: world.database.pool,
      clock: world.clock,
      scheduler: { check: async () => undefined },
      feed,
      commandSandbox,
      secrets,
      models,
      readiness,
      facts,
    });
    expect(await system.readiness()).toEqual({ database: 'ok', scheduler: 'ok' });
  });

  it('names the part that fails', async () => {
    const unreachable = createDatabase({ url: 'postgres://nobody@127.0.0.1:1/none' });
    const check = () => Promise.reject(new Error('no'));
    const parts = { clock: world.clock, feed, commandSandbox, secrets, models, readiness, facts };
    const noDatabase = new SystemService({
      ...parts,
      pool: unreachable.pool,
      scheduler: { check: async () => undefined },
    });
    const noScheduler = new SystemService({ ...parts, pool: world.database.pool, scheduler: { check } });

    expect(await noDatabase.readiness()).toEqual({ database: 'unavailable', scheduler: 'ok' });
    expect(await noScheduler.readiness()).toEqual({ database: 'ok', scheduler: 'unavailable' });
    await unreachable.close();
  });

  it('asks the scheduler again after 30 s, and 5 s where it did not answer', async () => {
    const clock = createTestClock();
    let asked = 0;
    let answers = true;
    const check = async (): Promise<void> => {
      asked += 1;
      if (!answers) throw new Error('no');
    };
    const parts = { clock, feed, commandSandbox, secrets, models, readiness, facts };
    const system = new SystemService({ ...parts, pool: world.database.pool, scheduler: { check } });
    const stateAfter = async (ms: number) => {
      await clock.advance(ms);
      return [(await system.readiness()).scheduler, asked];
    };
    expect(await stateAfter(0)).toEqual(['ok', 1]);
    answers = false;
    expect(await stateAfter(29_999)).toEqual(['ok', 1]);
    expect(await stateAfter(1)).toEqual(['unavailable', 2]);
    answers = true;
    expect(await stateAfter(4_999)).toEqual(['unavailable', 2]);
    expect(await stateAfter(1)).toEqual(['ok', 3]);
    expect(clock.pending()).toBe(0);
  });

  describe('of a database that answers but takes no writes', () => {
    const readinessOf = async (database: DatabaseConnection) => {
      const scheduler = { check: async () => undefined };
      const system = new SystemService({
        pool: database.pool,
        clock: world.clock,
        scheduler,
        feed,
        commandSandbox,
        secrets,
        models,
        readiness,
        facts,
      });
      return (await system.readiness()).database;
    };

    it('tells read-only transactions', async () => {
      const readOnly = await createTestDatabase();
      const name = new URL(readOnly.url).pathname.slice(1);
      await readOnly.database.pool.query(`alter database ${name} set default_transaction_read_only = on`);
      const later = createDatabase({ url: readOnly.url });

      expect(await readinessOf(later)).toBe('not-writable');
      await later.close();
      await readOnly.drop();
    });

    it('tells a full disk', async () => {
      const full = await createTestDatabase();
      const { pool } = full.database;
      await pool.query(`create function everbeat.refuse() returns trigger language plpgsql
        as $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$`);
      await pool.query(`create trigger refuse before insert or update on everbeat.system_state
        for each row execute function everbeat.refuse()`);

      expect(await readinessOf(full.database)).toBe('not-writable');
      await full.drop();
    });

    it('waits for no row, and writes it once in five seconds', async () => {
      const { pool } = world.database;
      const writtenAt = async () => {
        const rows = `select updated_at::text as at from everbeat.system_state where key = 'readiness'`;
        return (await pool.query<{ at: string }>(rows)).rows[0]?.at;
      };
      await readinessOf(world.database);
      const first = await writtenAt();
      await world.clock.advance(4_000);
      expect(await readinessOf(world.database)).toBe('ok');
      expect(await writtenAt()).toBe(first);

      await world.clock.advance(4_000);
      const whileOthersWrite = await whileHeld(pool, `system_state where key = 'readiness'`, [], () =>
        readinessOf(world.database),
      );
      expect(whileOthersWrite).toBe('ok');
      expect(await readinessOf(world.database)).toBe('ok');
      expect(await writtenAt()).not.toBe(first);
    });
  });

  it('counts a part as unavailable after three seconds', async () => {
    const clock = createTestClock();
    const scheduler = { check: () => never };
    const state = new SystemService({
      pool: world.database.pool,
      clock,
      scheduler,
      feed,
      commandSandbox,
      secrets,
      models,
      readiness,
      facts,
    }).readiness();
    await world.database.pool.query('select 1');
    await clock.advance(3_000);

    expect((await state).scheduler).toBe('unavailable');
  });
});

describe('the local user', () => {
  it('is created once, with its first agents, however many processes start', async () => {
    const deps = { pool: world.database.pool, clock: world.clock, ids: systemIds, modelConfigured: true };
    await Promise.all([ensureLocalUser(deps), ensureLocalUser(deps), ensureLocalUser(deps)]);

    const agents = await world.agents.list(LOCAL_USER_ID);
    expect(agents.map(({ name, kind, config }) => ({ name, kind, config }))).toEqual([
      { name: 'Web page watcher', kind: 'watch', config: {} },
      { name: 'Assistant', kind: 'model', config: {} },
    ]);
  });

  it('does not get a deleted agent back at the next start', async () => {
    const deps = { pool: world.database.pool, clock: world.clock, ids: systemIds, modelConfigured: true };
    const [watcher] = await world.agents.list(LOCAL_USER_ID);
    await world.agents.delete(LOCAL_USER_ID, watcher?.id ?? '');
    await ensureLocalUser(deps);

    expect(await world.agents.list(LOCAL_USER_ID)).toHaveLength(1);
  });
});
