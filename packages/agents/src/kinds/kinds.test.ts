import { AGENT_KINDS } from '@everbeat/domain';
import { expect, it } from 'vitest';
import { createAgentRuntimes } from '.';

it('every kind of agent has its runtime', () => {
  const runtimes = createAgentRuntimes({
    addressPolicy: 'any',
    providers: {},
    command: { commands: {}, enabled: true, env: {} },
  });
  expect(Object.values(runtimes).map(({ kind }) => kind)).toEqual([...AGENT_KINDS]);
  for (const kind of AGENT_KINDS) expect(runtimes[kind].kind).toBe(kind);
});
