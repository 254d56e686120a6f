import type { ArmedTick, Logger } from '@everbeat/domain';
import { silentLogger } from '@everbeat/testkit';
import { expect, it } from 'vitest';
import { deliverTicks } from './deliverTicks';
import type { TickResult } from './ports';

const tick = (taskId: string): ArmedTick => ({
  taskId,
  userId: 'ada',
  tickToken: `token of ${taskId}`,
  publication: 1,
  dueAt: new Date('2026-06-01T12:00:00.000Z'),
  agentKind: 'http',
  priority: 0,
});

/** What becomes of each tick. */
const OUTCOMES: Record<string, () => TickResult | null> = {
  runs: () => ({ ran: true, topicId: 'c', operationId: 'o' }),
  skipped: () => ({ ran: false, reason: 'stale-token' }),
  later: () => null,
  'without room': () => ({ ran: false, reason: 'no-room', agentKind: 'command' }),
  away: () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  },
  broken: () => {
    throw new Error('a bug');
  },
};

it('of ticks that are due together, those that may run later are given back, and one that breaks stops no other', async () => {
  const lines: [string, unknown][] = [];
  const note = (fields: object, message: string): void => void lines.push([message, fields]);
  const logger: Logger = { ...silentLogger, warn: note, error: note };
  const asked: string[] = [];
  const runner = {
    async deliverTick({ taskId }: { taskId: string }) {
      asked.push(taskId);
      return OUTCOMES[taskId]?.() ?? null;
    },
  };

  const { noRoom, unavailable } = await deliverTicks(
    { runner, logger },
    Object.keys(OUTCOMES).map((taskId) => tick(taskId)),
  );

  expect(asked).toEqual(Object.keys(OUTCOMES));
  // The kind of agent is the one that the task has now.
  expect(noRoom).toEqual([{ ...tick('without room'), agentKind: 'command' }]);
  expect(unavailable).toEqual([tick('away')]);
  expect(lines).toEqual([
    ['A tick could not be delivered; the watchdog will publish it again', expect.anything()],
    ['Ticks could not be claimed while the database is unavailable; they are tried again', { ticks: 1 }],
  ]);
  expect(lines[0]?.[1]).toMatchObject({ taskId: 'broken' });
});

it('nothing is said where nothing went wrong', async () => {
  const lines: string[] = [];
  const logger: Logger = { ...silentLogger, warn: (_fields, message) => void lines.push(message) };
  const runner = { deliverTick: async () => null };
  expect(await deliverTicks({ runner, logger }, [tick('later')])).toEqual({ noRoom: [], unavailable: [] });
  expect(lines).toEqual([]);
});
