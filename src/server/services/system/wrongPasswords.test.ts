import { describe, expect, it } from 'vitest';
import { PasswordGuard } from './wrongPasswords';

/** A guard on a clock of its own. Refusals wait until `wake`. */
function createGuard() {
  let nowMs = 0;
  const waits: number[] = [];
  const wakes: (() => void)[] = [];
  const guard = new PasswordGuard(
    () => new Date(nowMs),
    (ms) => {
      waits.push(ms);
      return new Promise((resolve) => wakes.push(resolve));
    },
  );
  const counted: number[] = [];
  return {
    guard,
    waits,
    counted,
    advance: (ms: number) => {
      nowMs += ms;
    },
    refuse: (client = 'a') => guard.refuse(client, (count) => counted.push(count)),
    wake: () => {
      for (const wake of wakes.splice(0)) wake();
    },
  };
}

describe('PasswordGuard', () => {
  const refuseAtOnce = async ({ refuse, wake }: ReturnType<typeof createGuard>, times: number) => {
    for (let attempt = 0; attempt < times; attempt += 1) {
      const refused = refuse();
      wake();
      await refused;
    }
  };

  it('lets a person mistype a few times, then doubles the wait up to a maximum', async () => {
    const guarded = createGuard();
    await refuseAtOnce(guarded, 11);
    expect(guarded.waits).toEqual([0, 0, 0, 0, 0, 125, 250, 500, 1_000, 1_000, 1_000]);
    expect(guarded.counted.at(-1)).toBe(11);
  });

  it('forgets after a while without wrong passwords', async () => {
    const guarded = createGuard();
    await refuseAtOnce(guarded, 6);
    guarded.advance(10 * 60_000);
    await refuseAtOnce(guarded, 1);
    expect(guarded.waits.slice(-2)).toEqual([125, 0]);
    expect(guarded.guard.wrong).toEqual({ count: 7, lastAt: new Date(10 * 60_000) });
  });

  it('compares no further password while many refusals wait', async () => {
    const { guard, refuse, wake } = createGuard();
    const refused: Promise<void>[] = [];
    while (guard.mayCompare('a')) refused.push(refuse());
    expect(refused).toHaveLength(32);
    wake();
    await Promise.all(refused);
    expect(guard.mayCompare('a')).toBe(true);
  });

  it('refuses a client for its own wrong passwords, and strangers for those of all', async () => {
    const { guard, refuse, wake } = createGuard();
    guard.accept('owner');
    const refused: Promise<void>[] = [];
    for (let client = 0; client < 100 && guard.mayCompare(`${client}`); client += 1) {
      while (guard.mayCompare(`${client}`)) refused.push(refuse(`${client}`));
    }
    expect(refused).toHaveLength(1_024);
    expect([guard.mayCompare('stranger'), guard.mayCompare('owner')]).toEqual([false, true]);
    while (guard.mayCompare('owner')) refused.push(refuse('owner'));
    expect(refused).toHaveLength(1_056);
    wake();
    await Promise.all(refused);
    expect([guard.mayCompare('stranger'), guard.mayCompare('owner')]).toEqual([true, true]);
  });

  it('knows of no wrong password at first', () => {
    expect(createGuard().guard.wrong).toBeNull();
  });
});
