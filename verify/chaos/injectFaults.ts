import { setTimeout as delay } from 'node:timers/promises';
import { type PlannedFault, partsOf } from './faultPlan';
import type { Installation } from './installation';
import type { InjectedFault } from './recovery';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** Carries out a fault plan. Resolves once the last fault is repaired, with all faults that were injected. */
export async function injectFaults(
  installation: Installation,
  plan: readonly PlannedFault[],
  { print, signal }: { print(line: string): void; signal: AbortSignal },
): Promise<InjectedFault[]> {
  const injected: InjectedFault[] = [];
  const brokenParts = new Set<string>();
  const startedAtMs = Date.now();

  async function injectAndRepair(fault: PlannedFault): Promise<void> {
    const parts = partsOf(fault);
    for (const part of parts) brokenParts.add(part);
    const injectedAtMs = Date.now();
    const active = await installation.inject(fault);
    print(`${active.description}, for ${seconds(fault.lastsMs)}`);
    await delay(fault.lastsMs, undefined, { signal }).catch(() => undefined);
    injected.push({ kind: fault.kind, injectedAtMs, repairedAtMs: Date.now() });
    await active.repair();
    for (const part of parts) brokenParts.delete(part);
  }

  const faults: Promise<void>[] = [];
  for (const fault of plan) {
    const waitMs = Math.max(0, startedAtMs + fault.atMs - Date.now());
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    // On a busy machine a part may not be back yet. If it were hit again and again, it would never do any
    // work.
    if (partsOf(fault).some((part) => brokenParts.has(part))) print(`${fault.kind}: skipped, not back yet`);
    else faults.push(injectAndRepair(fault));
    // Promise.all below reports a failure; until then it must not count as unhandled.
    faults.at(-1)?.catch(() => undefined);
  }
  await Promise.all(faults);
  return injected;
}
