import { describe, expect, it } from 'vitest';
import { createTestClock } from './testClock';

const SECOND = 1_000;
const start = '2026-03-01T12:00:00.000Z';

describe('createTestClock', () => {
  it('stands still until it is advanced', async () => {
    const clock = createTestClock(start);
    expect(clock.now()).toEqual(new Date(start));
    await clock.advance(90 * SECOND);
    expect(clock.now()).toEqual(new Date('2026-03-01T12:01:30.000Z'));
  });

  it('fires timers in order of time, each at its own time, and equal ones in order of creation', async () => {
    const clock = createTestClock(start);
    const fired: string[] = [];
    const record = (name: string) => () => void fired.push(`${name} at ${clock.now().getUTCSeconds()}`);
    clock.after(3 * SECOND, record('third'));
    clock.after(SECOND, record('first'));
    clock.after(3 * SECOND, record('fourth'));
    clock.after(2 * SECOND, record('second'));
    clock.after(6 * SECOND, record('later'));

    await clock.advance(5 * SECOND);

    expect(fired).toEqual(['first at 1', 'second at 2', 'third at 3', 'fourth at 3']);
    expect(clock.pending()).toBe(1);
  });

  it('fires timers that another timer set, also after asynchronous work', async () => {
    const clock = createTestClock(start);
    const fired: number[] = [];
    const again = async () => {
      fired.push(clock.now().getUTCSeconds());
      await Promise.resolve();
      clock.after(SECOND, again);
    };
    clock.after(SECOND, again);
    await clock.advance(3 * SECOND);
    expect(fired).toEqual([1, 2, 3]);
  });

  it('does not fire a canceled timer', async () => {
    const clock = createTestClock(start);
    let fired = false;
    const cancel = clock.after(SECOND, () => (fired = true));
    cancel();
    await clock.advance(2 * SECOND);
    expect(fired).toBe(false);
  });

  it('refuses to go on when timers are set for one moment without end', async () => {
    const clock = createTestClock(start);
    const again = (): void => void clock.after(0, again);
    clock.after(SECOND, again);
    await expect(clock.advance(2 * SECOND)).rejects.toThrow('timers have fired at one moment');
  });

  it('waits for the registered work before the next timer', async () => {
    const clock = createTestClock(start);
    const events: string[] = [];
    let work = Promise.resolve();
    clock.settleWith(() => work);
    clock.after(SECOND, () => {
      work = new Promise<void>((resolve) => setTimeout(resolve, 5)).then(() => void events.push('work done'));
    });
    clock.after(2 * SECOND, () => events.push('next timer'));
    await clock.advance(2 * SECOND);
    expect(events).toEqual(['work done', 'next timer']);
  });

  it.each([-3_600, 3_600])('can be set by %i seconds without moving a timer', async (stepSeconds) => {
    const clock = createTestClock(start);
    let firedAt: Date | null = null;
    clock.after(10 * SECOND, () => (firedAt = clock.now()));
    await clock.advance(4 * SECOND);
    clock.set(new Date(new Date(start).getTime() + stepSeconds * SECOND));

    await clock.advance(5 * SECOND);
    expect(firedAt).toBeNull();
    await clock.advance(SECOND);
    expect(firedAt).toEqual(new Date(new Date(start).getTime() + (stepSeconds + 6) * SECOND));
  });
});
