import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder, createTestClock, type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ScriptProcess, startProgram } from '../support/app/appProcess';
import { createWorld, type World } from '../support/world';

const DEADLINE_MS = 7_000;

let world: World;
let agent: FakeHttpAgent;
let server: ScriptProcess;
let folder: string;

/**
 * A server process with two runs under way: of an agent that never answers, and of a command that does not
 * stop.
 */
beforeEach(async () => {
  world = await createWorld({ clock: createTestClock(new Date()) });
  agent = await startFakeHttpAgent();
  agent.hold();
  folder = await createTempFolder('stop');
  const http = await world.agents.create(world.userId, {
    name: 'Slow',
    kind: 'http',
    config: { url: agent.url },
  });
  const command = await addCommandAgent();
  await world.startTask({ agentId: http.id, heartbeatInterval: 3_600 });
  await world.startTask({ agentId: command, heartbeatInterval: 3_600 });
  server = startProgram('tests/support/serverProcess.ts', {
    DATABASE_URL: world.testDatabase.url,
    DATA_DIR: folder,
    // The command tells its process id, which in a sandbox would be another one.
    COMMAND_SANDBOX: 'off',
    AGENT_COMMANDS: JSON.stringify({
      stubborn: `trap '' TERM; echo $$ > ${pidFile()}; sleep 60 & wait; wait`,
    }),
  });
  await server.untilOutput('started');
  await agent.called(1);
  await expect
    .poll(
      () =>
        access(pidFile()).then(
          () => true,
          () => false,
        ),
      { timeout: 20_000 },
    )
    .toBe(true);
}, 120_000);

afterEach(async () => {
  await server.end('SIGKILL');
  agent.release();
  await agent.close();
  await world.close();
});

const pidFile = () => path.join(folder, 'pid');

/** The test's own services do not know the command, so its agent is added by hand. */
async function addCommandAgent(): Promise<string> {
  const [row] = await world.query<{ id: string }>(
    `insert into everbeat.agents (id, user_id, name, kind, config)
     values (gen_random_uuid(), $1, 'Stubborn', 'command', '{"command":"stubborn"}') returning id`,
    [world.userId],
  );
  return row?.id ?? '';
}

const runs = () =>
  world.query<{ status: string; error_code: string | null; task_status: string; due_at: string }>(
    `select o.status, o.error_code, t.status as task_status, t.context -> 'scheduler' ->> 'dueAt' as due_at
     from everbeat.operations o join everbeat.tasks t on t.id = o.task_id`,
  );

/** Where nothing reaps orphans, a process that was killed stays as a zombie. */
async function isRunning(pid: string): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') X');
  return !/\) [ZX]/.test(stat);
}

test.each([
  ['SIGTERM', []],
  ['SIGINT', ['SIGTERM', 'SIGINT']],
] as const)(
  '%s ends the process in time, with its runs settled and its command ended; further signals change nothing',
  async (signal, further) => {
    const startedMs = performance.now();
    const ended = server.end(signal);
    for (const another of further) process.kill(server.pid, another);
    const { code } = await ended;
    const tookMs = performance.now() - startedMs;

    expect({ code, output: server.output() }).toMatchObject({ code: 0 });
    expect(tookMs).toBeLessThan(DEADLINE_MS);
    const stopped = { status: 'error', error_code: 'server_stopped', task_status: 'scheduled' };
    expect(await runs()).toMatchObject([stopped, stopped]);
    expect(await isRunning((await readFile(pidFile(), 'utf8')).trim())).toBe(false);
    await world.clock.advance(0);
    await world.expectSound();
  },
  60_000,
);
