import { beforeAll, describe, expect, it } from 'vitest';
import {
  assertSound,
  EVENTS,
  HEARTBEAT,
  keyOf,
  type Model,
  ONE_OFF,
  SCHEDULE,
  toModel,
} from './explorer.fixture';
import { TASK_STATUSES } from './status';
import { armed, frozen, inSeconds, resting, type StateChanges, taskState } from './taskState.fixture';

interface Visit {
  model: Model;
  /** The events that led here. */
  path: string[];
}

/** A task of this rule in every status that it can rest in. */
const rootsOf = (rule: StateChanges): Visit[] =>
  TASK_STATUSES.filter((status) => status !== 'running').map((status) => {
    const trigger = rule.automationMode ?? 'manual';
    const scheduler = status === 'scheduled' ? armed(inSeconds(60), trigger) : {};
    return { model: toModel(taskState({ ...rule, status, scheduler })), path: [`${trigger} ${status}`] };
  });

/** The models that follow one, each by its event; a breach is told with the whole path that led to it. */
function follow({ model, path }: Visit, events: string[]): Visit[] {
  return events.flatMap((name) => {
    const further = [...path, name];
    try {
      const next = EVENTS[name]?.(model) ?? null;
      if (next === null) return [];
      assertSound(next);
      return [{ model: frozen(next), path: further }];
    } catch (cause) {
      throw new Error(`After ${further.join(' → ')}: ${String(cause)}`, { cause });
    }
  });
}

/** Everything within `depth` events of the roots: each model once, by a shortest path. */
function explore(roots: Visit[], events: string[], depth: number): Visit[] {
  const seen = new Map<string, Visit>();
  let edge = roots;
  for (let step = 0; step <= depth; step += 1) {
    const fresh = edge.filter((visit) => {
      const key = keyOf(visit.model);
      if (seen.has(key)) return false;
      seen.set(key, visit);
      return true;
    });
    edge = step < depth ? fresh.flatMap((visit) => follow(visit, events)) : [];
  }
  return [...seen.values()];
}

/** Where a person gets by these acts, those that do not apply left out. */
const acting = (model: Model, acts: string[]): Model =>
  acts.reduce((current, act) => EVENTS[act]?.(current) ?? current, model);

const ALL = Object.keys(EVENTS);
const WITHOUT_CRON = ALL.filter((name) => name !== 'edit to schedule');

// Cron times are by far the dearest part of a step, so the deeper walk goes without them.
describe.each([
  ['of heartbeat and one-off tasks', [HEARTBEAT, ONE_OFF], WITHOUT_CRON, 5],
  ['of cron tasks, and from mode to mode', [SCHEDULE], ALL, 3],
])('a walk through everything that can happen %s', (_tasks, rules, events, depth) => {
  let visits: Visit[] = [];
  const pathsOf = (wanted: (model: Model) => boolean): string[] =>
    visits.filter(({ model }) => wanted(model)).map(({ path }) => path.join(' → '));

  beforeAll(() => {
    visits = explore(rules.flatMap(rootsOf), events, depth);
  });

  it('breaches no invariant, and sees every status', () => {
    expect(visits.length).toBeGreaterThan(300);
    const statuses = new Set(visits.map(({ model }) => model.state.status));
    expect([...statuses].toSorted()).toEqual([...TASK_STATUSES].toSorted());
  });

  it('leads nowhere from where a person cannot bring the task back to an arm', () => {
    const dead = pathsOf((model) => {
      const back = acting(model, ['answer the question', 'pause', 'start']);
      return back.state.status !== 'scheduled' || back.state.scheduler.tickToken === null;
    });
    expect(dead).toEqual([]);
  });

  it('leads nowhere from where a person cannot end the task', () => {
    const endless = pathsOf((model) => {
      const { status } = acting(model, ['cancel']).state;
      return status !== 'canceled' && status !== 'completed';
    });
    expect(endless).toEqual([]);
  });

  it('never leaves a resting task waiting for nobody: its tick runs, once its question is answered', () => {
    const idle = pathsOf((model) => {
      if (model.state.status !== 'scheduled') return false;
      return acting(model, ['answer the question', 'tick']).state.status !== 'running';
    });
    expect(idle).toEqual([]);
  });
});

describe('the walk itself', () => {
  it('would tell of a resting task with neither arm nor blocker', () => {
    const orphan = toModel(taskState({ ...HEARTBEAT, status: 'scheduled' }));
    expect(() => assertSound(orphan)).toThrow('2: neither arm nor blocker');
  });

  it('would tell of one that rests although its fuse has blown', () => {
    const fused = toModel(resting(inSeconds(60), { scheduler: { consecutiveFailures: 3 } }));
    expect(() => assertSound(fused)).toThrow('5: rests although');
  });

  it('gets as far as the fuse', () => {
    const failing = ['start', 'tick', 'error', 'tick', 'timeout', 'tick', 'error'];
    const { state } = acting(toModel(taskState(HEARTBEAT)), failing);
    expect(state).toMatchObject({
      status: 'paused',
      scheduler: { blockedBy: 'fuse', consecutiveFailures: 3 },
    });
  });
});
