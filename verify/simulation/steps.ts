import type { Random } from '../support/random';
import type { CallFault, CallKind, DeliveryFault } from './faultInjector';
import { HAND_EDITS, type HandEdit } from './handEdits';
import { HELD_ROWS, type HeldRowKind } from './heldRow';

/**
 * Something that a user, or QStash, does. `choice` (from 0 to below 1) decides what else has to be chosen.
 */
export interface Act {
  what: (typeof ACTS)[number][1];
  /** Which task: an index, modulo the number of tasks at that time. */
  target: number;
  choice: number;
}

/**
 * A question of that index comes to its end: `offsetSeconds` after that, people answer it and its default is
 * taken.
 */
export interface Deadline {
  target: number;
  choice: number;
  offsetSeconds: number;
}

/** `looks`: people come back at the first beat after these days. */
export interface Absence {
  days: number;
  looks: boolean;
  target: number;
  choice: number;
}

export type Step = { id: number } & (
  | { kind: 'wait'; seconds: number }
  /** All acts begin at the same moment; their statements interleave. */
  | { kind: 'acts'; acts: Act[] }
  | { kind: 'call-fault'; fault: CallFault }
  | { kind: 'delivery-fault'; fault: DeliveryFault }
  | { kind: 'clock'; seconds: number }
  /** A server is stopped and replaced. */
  | { kind: 'deploy'; choice: number }
  /** The clock is nine years ahead for so long. */
  | { kind: 'clock-ahead'; seconds: number }
  | ({ kind: 'deadline' } & Deadline)
  /** Weeks pass in which nobody looks at anything. */
  | ({ kind: 'weeks-away' } & Absence)
  /** The far side of all agents is away for so long. */
  | { kind: 'outage'; seconds: number }
  | { kind: 'hand-edit'; what: HandEdit; target: number }
  /** Somebody else holds rows of a task for so many steps. */
  | { kind: 'held-row'; what: HeldRowKind; target: number; steps: number }
);

const ACTS = [
  [8, 'start'],
  [5, 'resume'],
  [6, 'pause'],
  [3, 'cancel'],
  [8, 'run'],
  [8, 'edit'],
  [14, 'resolve'],
  [5, 'interrupt'],
  [5, 'comment'],
  [5, 'write'],
  [1, 'delete'],
  [2, 'create'],
  [3, 'depend'],
  [2, 'undepend'],
  [3, 'trespass'],
  [3, 'set-channel'],
  [1, 'delete-channel'],
  [3, 'ask-again'],
  [4, 'look'],
  [6, 'redeliver'],
  [4, 'sweep'],
] as const;

/** All steps of a seed, drawn beforehand, so that removing some does not change the others. */
export function drawSteps(random: Random): Step[] {
  const count = random.int(60, 100);
  const first: Step[] = [0, 1, 2].map((id) => ({ id, kind: 'acts', acts: drawStarts(random) }));
  return first.concat(
    Array.from({ length: count - first.length }, (_, index) => drawStep(random, index + first.length)),
  );
}

const drawStarts = (random: Random): Act[] =>
  Array.from({ length: 4 }, () => ({ what: 'start', target: random.int(0, 99), choice: random.next() }));

function drawStep(random: Random, id: number): Step {
  const kind = random.weighted([
    [40, 'wait'],
    [34, 'acts'],
    [18, 'call-fault'],
    [6, 'delivery-fault'],
    [2, 'clock'],
    [3, 'deploy'],
    [3, 'clock-ahead'],
    [3, 'hand-edit'],
    [3, 'outage'],
    [2, 'weeks-away'],
    [3, 'deadline'],
    [2, 'held-row'],
  ] as const);
  switch (kind) {
    case 'wait':
      return { id, kind, seconds: drawSeconds(random) };
    case 'acts':
      return {
        id,
        kind,
        acts: Array.from({ length: random.weighted(ACTS_TOGETHER) }, () => drawAct(random)),
      };
    case 'call-fault':
      return { id, kind, fault: drawCallFault(random) };
    case 'delivery-fault':
      return { id, kind, fault: drawDeliveryFault(random) };
    case 'hand-edit':
      return { id, kind, what: random.pick(HAND_EDITS), target: random.int(0, 99) };
    case 'held-row':
      return {
        id,
        kind,
        what: random.pick(HELD_ROWS),
        target: random.int(0, 99),
        steps: random.int(1, 6),
      };
    case 'weeks-away':
      return {
        id,
        kind,
        target: random.int(0, 99),
        choice: random.next(),
        days: random.pick([20, 40]),
        looks: random.chance(0.6),
      };
    case 'deadline':
      return {
        id,
        kind,
        target: random.int(0, 99),
        choice: random.next(),
        offsetSeconds: random.pick([-1, 0, 0, 1]),
      };
    case 'deploy':
      return { id, kind, choice: random.next() };
    case 'outage':
      return { id, kind, seconds: random.pick([60, 900, 3_000]) };
    case 'clock-ahead':
      return { id, kind, seconds: random.pick([20, 60, 300]) };
    case 'clock':
      return { id, kind, seconds: random.pick([-1_200, -90, -5, 5, 90, 1_200, 14_400]) };
  }
}

const ACTS_TOGETHER = [
  [50, 1],
  [30, 2],
  [20, 3],
] as const;

const drawAct = (random: Random): Act => ({
  what: random.weighted(ACTS),
  target: random.int(0, 99),
  choice: random.next(),
});

const drawSeconds = (random: Random): number =>
  random.weighted([
    [20, random.int(0, 5)],
    [40, random.int(5, 60)],
    [30, random.int(60, 300)],
    [8, random.int(300, 900)],
    [2, random.int(900, 2400)],
  ]);

function drawCallFault(random: Random): CallFault {
  const on = random.pick<CallKind | 'any'>(['any', 'any', 'statement', 'publish', 'agent', 'send', 'timer']);
  const outside = random.pick(['statement', 'publish'] as const);
  // Few messages are sent, so faults of one come soon.
  const afterCalls = random.int(0, on === 'send' ? 2 : random.pick([2, 10, 30]));
  const verdict = random.weighted([
    [3, 'die-before'],
    [4, 'die-after'],
    [2, 'freeze'],
    [3, 'refuse'],
    [3, 'lose-answer'],
  ] as const);
  switch (verdict) {
    case 'die-before':
    case 'die-after':
      return { verdict, on, afterCalls, downSeconds: random.pick([0, 5, 60, 400]) };
    case 'freeze':
      return { verdict, on, afterCalls, frozenSeconds: random.pick([10, 60, 300, 700]) };
    case 'refuse': {
      const error = random.pick(['away', 'away', 'deadlock', 'odd'] as const);
      return { verdict, on: outside, afterCalls, times: random.pick([1, 3, 12, 30]), error };
    }
    case 'lose-answer':
      return { verdict, on: outside, afterCalls };
  }
}

const drawDeliveryFault = (random: Random): DeliveryFault => ({
  what: random.pick(['drop', 'double', 'delay', 'hold']),
  seconds: random.pick([3, 40, 400, 1500]),
  times: random.int(1, 3),
});

export function describeStep(step: Step): string {
  const { id, kind, ...rest } = step;
  return `${id}: ${kind} ${JSON.stringify(rest)}`;
}
