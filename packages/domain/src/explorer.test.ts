import { describe, expect, it } from 'vitest';
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
import { armed, frozen, inSeconds, resting, taskState } from './taskState.fixture';

const DEPTH = 5;

interface Visit {
  model: Model;
  /** The events that led here. */
  path: string[];
}

/** Every task that a person has just set up, and every one that has come to its end. */
const ROOTS: Visit[] = [HEARTBEAT, SCHEDULE, ONE_OFF].flatMap((rule) =>
  TASK_STATUSES.filter((status) => status !== 'running').map((status) => {
    const trigger = rule.automationMode ?? 'manual';
    const scheduler = status === 'scheduled' ? armed(inSeconds(60), trigger) : {};
    return { model: toModel(taskState({ ...rule, status, scheduler })), path: [`${trigger} ${status}`] };
  }),
);

/** The models that follow one, each by its event; a breach is told with the whole path that led to it. */
function follow({ model, path }: Visit): Visit[] {
  return Object.entries(EVENTS).flatMap(([name, step]) => {
    const further = [...path, name];
    try {
      const next = step(model);
      if (next === null) return [];
      assertSound(next);
      return [{ model: frozen(next), path: further }];
    } catch (cause) {
      throw new Error(`After ${further.join(' → ')}: ${String(cause)}`, { cause });
    }
  });
}

/** Everything within `depth` events of the roots, each model once, by a shortest path. */
function explore(roots: Visit[], depth: number): Visit[] {
  const seen = new Map<string, Visit>();
  let edge = roots;
  for (let step = 0; step <= depth && edge.length > 0; step += 1) {
    const fresh = edge.filter((visit) => {
      const key = keyOf(visit.model);
      if (seen.has(key)) return false;
      seen.set(key, visit);
      return true;
    });
    edge = step < depth ? fresh.flatMap(follow) : [];
  }
  return [...seen.values()];
}

/** Where a person gets by these acts, those that do not apply left out. */
const acting = (model: Model, acts: string[]): Model =>
  acts.reduce((current, act) => EVENTS[act]?.(current) ?? current, model);

describe('a walk through everything that can happen', () => {
  const visits = explore(ROOTS, DEPTH);

  it('finds no breach of an invariant, and sees every status', () => {
    expect(visits.length).toBeGreaterThan(1_000);
    const statuses = new Set(visits.map(({ model }) => model.state.status));
    expect([...statuses].toSorted()).toEqual([...TASK_STATUSES].toSorted());
  });

  it('leads nowhere from where a person cannot bring the task back to an arm', () => {
    const dead = visits.filter(({ model }) => {
      const back = acting(model, ['answer the question', 'pause', 'start']);
      return back.state.status !== 'scheduled' || back.state.scheduler.tickToken === null;
    });
    expect(dead.map(({ path }) => path)).toEqual([]);
  });

  it('leads nowhere from where a person cannot end the task', () => {
    const endless = visits.filter(({ model }) => {
      const { status } = acting(model, ['cancel']).state;
      return status !== 'canceled' && status !== 'completed';
    });
    expect(endless.map(({ path }) => path)).toEqual([]);
  });

  it('never leaves a resting task waiting for nobody: its tick runs, or its question answered arms it', () => {
    const idle = visits.filter(({ model }) => {
      if (model.state.status !== 'scheduled') return false;
      const next = acting(model, ['answer the question', 'tick']);
      return next.state.status !== 'running';
    });
    expect(idle.map(({ path }) => path)).toEqual([]);
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
});
