import type { ProgramSession } from '@everbeat/domain';
import { expect, it } from 'vitest';
import type { SessionKeeper } from '../../port';
import { RunSessions } from './runSessions';

const idOf = (number: number): string => `0199a213-81c0-7800-8aa1-${String(number).padStart(12, '0')}`;

it('writes of sessions that a program names faster than they are kept only the first and the last', async () => {
  const kept: string[] = [];
  const keeper: SessionKeeper = {
    find: async () => null,
    async keep({ id }: ProgramSession) {
      kept.push(id);
    },
  };
  const sessions = new RunSessions(keeper, 'fresh');
  for (let number = 1; number <= 1_000; number++) {
    sessions.keep({ program: 'claude', id: idOf(number) }, null);
    // The first write has begun before the program goes on.
    if (number === 1) await Promise.resolve();
  }
  await sessions.settled();
  expect(kept).toEqual([idOf(1), idOf(1_000)]);
});
