import { setTimeout as delay } from 'node:timers/promises';
import { type PlannedFault, partsOf } from './plan';
import type { PastFault } from './recovery';
import type { Stage } from './stage';

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

/** Carries a plan out. Resolves once the last fault is mended, with all that was done. */
export async function raiseStorm(
  stage: Stage,
  plan: readonly PlannedFault[],
  { say, signal }: { say(line: string): void; signal: AbortSignal },
): Promise<PastFault[]> {
  const past: PastFault[] = [];
  const lastOf = new Map<string, Promise<void>>();
  const beginMs = Date.now();

  async function carryOut(fault: PlannedFault): Promise<void> {
    const struckMs = Date.now();
    const damage = await stage.strike(fault);
    say(`${damage.what}, for ${seconds(fault.lastsMs)}`);
    await delay(fault.lastsMs, undefined, { signal }).catch(() => undefined);
    const mendedMs = Date.now();
    past.push({ kind: fault.kind, struckMs, mendedMs });
    await damage.mend();
  }

  const faults: Promise<void>[] = [];
  for (const fault of plan) {
    const waitMs = Math.max(0, beginMs + fault.atMs - Date.now());
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    const parts = partsOf(fault);
    const before = Promise.all(parts.map((part) => lastOf.get(part)));
    const carried = before.then(() => carryOut(fault));
    for (const part of parts) lastOf.set(part, carried);
    faults.push(carried);
  }
  await Promise.all(faults);
  return past;
}
