import type { Random } from '../support/random';

/** The faults that can be injected into the parts of an installation. */
export type FaultKind =
  | 'server-kill'
  | 'server-restart'
  | 'rolling-restart'
  | 'server-freeze'
  | 'postgres-kill'
  | 'postgres-stop'
  | 'both-kill'
  | 'connections'
  | 'locked-rows'
  /** The same while nothing else is broken, so that the other tasks have no excuse to be late. */
  | 'locked-rows-alone'
  | 'pooler-kill'
  | 'qstash-kill'
  | 'qstash-freeze';

export interface PlannedFault {
  /** Relative to the start of the plan. */
  atMs: number;
  kind: FaultKind;
  /** How long it lasts until it is repaired. */
  lastsMs: number;
  /** The 0-based index of the server. */
  server: number;
}

export interface FaultPlanOptions {
  seconds: number;
  servers: number;
  kinds: readonly FaultKind[];
  /** The longest lease of a task. A frozen server stays frozen for longer. */
  leaseSecondsMax: number;
}

/** The time between two faults. A single server gets enough to come back and do some work. */
const INTERVAL_MS = { one: [4_000, 8_000], several: [2_000, 4_500] } as const;

/** The shortest and longest duration of each kind. */
const durations = (leaseMs: number): Record<FaultKind, readonly [number, number]> => ({
  'server-kill': [0, 2_500],
  'server-restart': [0, 500],
  'rolling-restart': [0, 500],
  'server-freeze': [leaseMs + 1_000, leaseMs + 5_000],
  'postgres-kill': [0, 3_000],
  'postgres-stop': [0, 4_000],
  'both-kill': [0, 2_500],
  connections: [2_000, 6_000],
  'locked-rows': [5_000, 20_000],
  'locked-rows-alone': [12_000, 20_000],
  'pooler-kill': [0, 3_000],
  'qstash-kill': [0, 3_000],
  'qstash-freeze': [2_000, 10_000],
});

/**
 * The parts that a fault affects, of an installation with so many servers. Faults of the same part never
 * overlap.
 */
export function partsOf({ kind, server }: Pick<PlannedFault, 'kind' | 'server'>, servers: number): string[] {
  if (kind === 'locked-rows-alone') {
    const all = Array.from({ length: servers }, (_, index) => `server-${index}`);
    return [...all, 'deploy', 'postgres', 'pooler', 'qstash', 'rows'];
  }
  if (kind === 'locked-rows') return ['rows'];
  // Each server is stopped and started whatever another fault does to it meanwhile.
  if (kind === 'rolling-restart') return ['deploy'];
  if (kind === 'both-kill') return [`server-${server}`, 'postgres'];
  if (kind === 'connections') return ['postgres'];
  const [part = ''] = kind.split('-');
  return [part === 'server' ? `server-${server}` : part];
}

/**
 * Draws a fault every few seconds. Every kind occurs once before any occurs again. Faults of different parts
 * may overlap, faults of the same part do not.
 */
export function drawFaultPlan(random: Random, options: FaultPlanOptions): PlannedFault[] {
  const lasts = durations(options.leaseSecondsMax * 1_000);
  const [intervalMsMin, intervalMsMax] = options.servers === 1 ? INTERVAL_MS.one : INTERVAL_MS.several;
  const plan: PlannedFault[] = [];
  const freeAtMs = new Map<string, number>();
  let bag: FaultKind[] = [];
  for (
    let atMs = random.int(500, 1_500);
    atMs < options.seconds * 1_000;
    atMs += random.int(intervalMsMin, intervalMsMax)
  ) {
    if (bag.length === 0) bag = [...options.kinds];
    const candidates = bag.flatMap((kind) =>
      Array.from({ length: options.servers }, (_, server) => ({ kind, server })),
    );
    const free = candidates.filter((fault) =>
      partsOf(fault, options.servers).every((part) => (freeAtMs.get(part) ?? 0) <= atMs),
    );
    if (free.length === 0) continue;
    const { kind, server } = random.pick(free);
    const fault = { atMs, kind, server, lastsMs: random.int(...lasts[kind]) };
    bag = bag.filter((other) => other !== kind);
    for (const part of partsOf(fault, options.servers)) freeAtMs.set(part, atMs + fault.lastsMs);
    plan.push(fault);
  }
  return plan;
}

export const describePlan = (plan: readonly PlannedFault[]): string =>
  plan
    .map(({ atMs, kind, lastsMs, server }) => {
      const which = kind.startsWith('server') ? ` ${server + 1}` : '';
      return `${(atMs / 1_000).toFixed(1)} s ${kind}${which} for ${(lastsMs / 1_000).toFixed(1)} s`;
    })
    .join('; ');
