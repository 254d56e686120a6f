import { setTimeout as delay } from 'node:timers/promises';
import { type PlannedFault, partsOf } from './faultPlan';
import type { ActiveFault, Installation } from './installation';
import type { InjectedFault } from './recovery';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/**
 * Carries out a fault plan. Resolves once the last fault is repaired, with all faults that had an effect. A
 * fault whose parts are not back yet is put off: on a busy machine, parts that are hit again and again would
 * never do any work. At the end those are carried out whose kind has not happened.
 */
export async function injectFaults(
  installation: Pick<Installation, 'servers' | 'inject'>,
  plan: readonly PlannedFault[],
  { print, signal }: { print(line: string): void; signal: AbortSignal },
): Promise<InjectedFault[]> {
  const injected: InjectedFault[] = [];
  const putOff: PlannedFault[] = [];
  const brokenParts = new Set<string>();
  const startedAtMs = Date.now();
  const partsFor = (fault: PlannedFault): string[] => partsOf(fault, installation.servers);

  async function injectAndRepair(fault: PlannedFault): Promise<void> {
    const parts = partsFor(fault);
    for (const part of parts) brokenParts.add(part);
    const active = await installation.inject(fault);
    const injectedAtMs = Date.now();
    if (active.hadNoEffect) {
      print(`${active.description}: without effect`);
      putOff.push(fault);
    } else {
      print(`${active.description}, for ${seconds(fault.lastsMs)}`);
      await delay(fault.lastsMs, undefined, { signal }).catch(() => undefined);
      injected.push(recordOf(fault, active, injectedAtMs));
    }
    await active.repair();
    for (const part of parts) brokenParts.delete(part);
  }

  const faults: Promise<void>[] = [];
  for (const fault of plan) {
    const waitMs = Math.max(0, startedAtMs + fault.atMs - Date.now());
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    if (partsFor(fault).some((part) => brokenParts.has(part))) {
      print(`${fault.kind}: put off, not everything is back yet`);
      putOff.push(fault);
    } else faults.push(injectAndRepair(fault));
    // Promise.all below reports a failure; until then it must not count as unhandled.
    faults.at(-1)?.catch(() => undefined);
  }
  await Promise.all(faults);
  for (const fault of putOff.splice(0)) {
    const hasHappened = injected.some(({ kind }) => kind === fault.kind);
    if (!hasHappened && !signal.aborted) await injectAndRepair(fault);
  }
  return injected;
}

const recordOf = (
  { kind }: PlannedFault,
  { heldTaskIds }: ActiveFault,
  injectedAtMs: number,
): InjectedFault => ({
  kind,
  injectedAtMs,
  repairedAtMs: Date.now(),
  ...(heldTaskIds !== undefined && { heldTaskIds }),
});
