import type { Random } from '../support/random';

/** What can be done to the parts of an installation. */
export type FaultKind =
  | 'server-kill'
  | 'server-restart'
  | 'server-freeze'
  | 'postgres-kill'
  | 'postgres-stop'
  | 'both-kill'
  | 'connections'
  | 'qstash-kill'
  | 'qstash-freeze';

export interface PlannedFault {
  /** From the start of the faults. */
  atMs: number;
  kind: FaultKind;
  /** Until it is mended. */
  lastsMs: number;
  /** Which of several servers, from 0. */
  server: number;
}

export interface PlanWish {
  seconds: number;
  servers: number;
  kinds: readonly FaultKind[];
  /** The longest lease of a task: what is frozen stays so for longer. */
  leaseSecondsMax: number;
}

/** A single server gets the time to come back and work between two faults. */
const EVERY_MS = { one: [4_000, 8_000], several: [2_000, 4_500] } as const;

/** How long a fault of each kind lasts. */
const lastsMs = (leaseMs: number): Record<FaultKind, readonly [number, number]> => ({
  'server-kill': [0, 2_500],
  'server-restart': [0, 500],
  'server-freeze': [leaseMs + 1_000, leaseMs + 5_000],
  'postgres-kill': [0, 3_000],
  'postgres-stop': [0, 4_000],
  'both-kill': [0, 2_500],
  connections: [2_000, 6_000],
  'qstash-kill': [0, 3_000],
  'qstash-freeze': [2_000, 10_000],
});

/** The parts that a fault breaks. Two faults of one part wait for each other. */
export function partsOf({ kind, server }: Pick<PlannedFault, 'kind' | 'server'>): string[] {
  if (kind === 'both-kill') return [`server-${server}`, 'postgres'];
  if (kind === 'connections') return ['postgres'];
  const [part = ''] = kind.split('-');
  return [part === 'server' ? `server-${server}` : part];
}

/**
 * A fault every few seconds. Each kind comes once before any comes again; faults of different parts may overlap,
 * those of one part do not.
 */
export function drawPlan(random: Random, wish: PlanWish): PlannedFault[] {
  const lasts = lastsMs(wish.leaseSecondsMax * 1_000);
  const [everyMsMin, everyMsMax] = wish.servers === 1 ? EVERY_MS.one : EVERY_MS.several;
  const plan: PlannedFault[] = [];
  const freeAtMs = new Map<string, number>();
  let bag: FaultKind[] = [];
  for (
    let atMs = random.int(500, 1_500);
    atMs < wish.seconds * 1_000;
    atMs += random.int(everyMsMin, everyMsMax)
  ) {
    if (bag.length === 0) bag = [...wish.kinds];
    const candidates = bag.flatMap((kind) =>
      Array.from({ length: wish.servers }, (_, server) => ({ kind, server })),
    );
    const free = candidates.filter((fault) =>
      partsOf(fault).every((part) => (freeAtMs.get(part) ?? 0) <= atMs),
    );
    if (free.length === 0) continue;
    const { kind, server } = random.pick(free);
    const fault = { atMs, kind, server, lastsMs: random.int(...lasts[kind]) };
    bag = bag.filter((other) => other !== kind);
    for (const part of partsOf(fault)) freeAtMs.set(part, atMs + fault.lastsMs);
    plan.push(fault);
  }
  return plan;
}

export const describePlan = (plan: readonly PlannedFault[]): string =>
  plan
    .map(({ atMs, kind, lastsMs, server }) => {
      const whom = kind.startsWith('server') ? ` ${server + 1}` : '';
      return `${(atMs / 1_000).toFixed(1)} s ${kind}${whom} for ${(lastsMs / 1_000).toFixed(1)} s`;
    })
    .join('; ');
