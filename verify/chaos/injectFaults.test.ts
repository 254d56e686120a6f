import { expect, test } from 'vitest';
import type { FaultKind, PlannedFault } from './faultPlan';
import { injectFaults } from './injectFaults';
import type { ActiveFault } from './installation';

const fault = (kind: FaultKind, atMs: number): PlannedFault => ({ kind, atMs, lastsMs: 0, server: 0 });

/** Carries out the plan. Returns what was injected in order, and the kinds of the result. */
async function run(
  plan: readonly PlannedFault[],
  inject: (fault: PlannedFault) => Promise<ActiveFault>,
): Promise<{ injected: FaultKind[]; counted: FaultKind[] }> {
  const injected: FaultKind[] = [];
  const installation = {
    servers: 1,
    inject: (planned: PlannedFault) => {
      injected.push(planned.kind);
      return inject(planned);
    },
  };
  const options = { print: () => undefined, signal: new AbortController().signal };
  const faults = await injectFaults(installation, plan, options);
  return { injected, counted: faults.map(({ kind }) => kind) };
}

const repaired: ActiveFault = { description: 'down', repair: async () => undefined };

/** The server is back only once QStash has been killed. */
function slowServer(): (fault: PlannedFault) => Promise<ActiveFault> {
  let isBack: () => void = () => undefined;
  const back = new Promise<void>((resolve) => {
    isBack = resolve;
  });
  return async ({ kind }) => {
    if (kind === 'qstash-kill') isBack();
    return kind === 'server-kill' ? { ...repaired, repair: () => back } : repaired;
  };
}

test('a fault whose part is not back yet is put off until the end', async () => {
  const plan = [fault('server-kill', 0), fault('server-restart', 1), fault('qstash-kill', 2)];
  const { injected } = await run(plan, slowServer());
  expect(injected).toEqual(['server-kill', 'qstash-kill', 'server-restart']);
});

test('a kind that has happened already is not injected again at the end', async () => {
  const plan = [fault('server-kill', 0), fault('server-kill', 1), fault('qstash-kill', 2)];
  const { injected } = await run(plan, slowServer());
  expect(injected).toEqual(['server-kill', 'qstash-kill']);
});

test('a fault without effect is tried once more, and does not count', async () => {
  const { injected, counted } = await run([fault('postgres-kill', 0)], async () => ({
    ...repaired,
    hadNoEffect: true,
  }));
  expect(injected).toEqual(['postgres-kill', 'postgres-kill']);
  expect(counted).toEqual([]);
});
