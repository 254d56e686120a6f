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
  const broken = new Set<string>();
  const beginMs = Date.now();

  async function carryOut(fault: PlannedFault): Promise<void> {
    const parts = partsOf(fault);
    for (const part of parts) broken.add(part);
    const struckMs = Date.now();
    const damage = await stage.strike(fault);
    say(`${damage.what}, for ${seconds(fault.lastsMs)}`);
    await delay(fault.lastsMs, undefined, { signal }).catch(() => undefined);
    past.push({ kind: fault.kind, struckMs, mendedMs: Date.now() });
    await damage.mend();
    for (const part of parts) broken.delete(part);
  }

  const faults: Promise<void>[] = [];
  for (const fault of plan) {
    const waitMs = Math.max(0, beginMs + fault.atMs - Date.now());
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) break;
    // On a busy machine a part may not be back yet; struck again and again it would never do any work.
    if (partsOf(fault).some((part) => broken.has(part))) say(`${fault.kind}: left out, not back yet`);
    else faults.push(carryOut(fault));
    // Heard at the end, by `all`; until then a failure is no unhandled one.
    faults.at(-1)?.catch(() => undefined);
  }
  await Promise.all(faults);
  return past;
}
