import { type ArmedTick, SCHEDULER_KINDS } from '@everbeat/domain';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskScheduler, TickMessage } from '../src/port';

/** A scheduler with the database that holds the arms and the route that ticks are delivered to. */
export interface SchedulerHarness {
  scheduler: TaskScheduler;
  now(): Date;
  /** Commits the arm, then schedules it, as settling a run does. */
  arm(tick: ArmedTick): Promise<{ messageId: string }>;
  /** Advances the clock and delivers everything that falls due. */
  advance(ms: number): Promise<void>;
  /** The delivered ticks, without early ones: the route schedules those again for the rest of their wait. */
  arrived(): { tick: TickMessage; at: Date }[];
  /** Stops the scheduler and the process around it. */
  stop(): Promise<void>;
  dispose(): Promise<void>;
}

const SECOND = 1_000;
const DAY = 24 * 3_600 * SECOND;

/** What every TaskScheduler must do. `makeHarness` returns a started scheduler without any arms. */
export function describeTaskScheduler(name: string, makeHarness: () => Promise<SchedulerHarness>): void {
  describe(`${name} fulfils the contract of a task scheduler`, () => {
    let harness: SchedulerHarness;
    let tokens = 0;

    beforeEach(async () => {
      harness = await makeHarness();
    });
    afterEach(() => harness.dispose());

    const tickDueIn = (delayMs: number): ArmedTick => {
      tokens += 1;
      return {
        taskId: `task-${tokens}`,
        userId: `user-${tokens}`,
        tickToken: `00000000-0000-4000-8000-${String(tokens).padStart(12, '0')}`,
        dueAt: new Date(harness.now().getTime() + delayMs),
        publication: 1,
        agentKind: 'http',
        priority: 0,
      };
    };
    const idsOf = ({ taskId, userId, tickToken }: ArmedTick): TickMessage => ({
      taskId,
      userId,
      tickToken,
    });
    const arrivedTokens = () => harness.arrived().map(({ tick }) => tick.tickToken);

    it('delivers a tick with its ids, not before it is due', async () => {
      const tick = tickDueIn(10 * SECOND);
      const idBeforehand = harness.scheduler.messageIdOf(tick);
      const { messageId } = await harness.arm(tick);
      expect(messageId).not.toBe('');
      expect([messageId, null]).toContain(idBeforehand);

      await harness.advance(9 * SECOND);
      expect(harness.arrived()).toEqual([]);

      await harness.advance(2 * SECOND);
      expect(harness.arrived().map((arrival) => arrival.tick)).toEqual([idsOf(tick)]);
      expect(harness.arrived()[0]?.at.getTime()).toBeGreaterThanOrEqual(tick.dueAt.getTime());
    });

    it('delivers a tick a fraction of a second late rather than early', async () => {
      const tick = tickDueIn(1_500);
      await harness.arm(tick);

      await harness.advance(1_499);
      expect(harness.arrived()).toEqual([]);

      await harness.advance(SECOND);
      expect(arrivedTokens()).toEqual([tick.tickToken]);
    });

    it('delivers a tick that was due in the past immediately', async () => {
      const tick = tickDueIn(-DAY);
      await harness.arm(tick);
      await harness.advance(0);
      expect(arrivedTokens()).toEqual([tick.tickToken]);
    });

    it('delivers ticks in the order of their due times, whatever the order of arming', async () => {
      const [last, first, middle] = [tickDueIn(9 * SECOND), tickDueIn(3 * SECOND), tickDueIn(6 * SECOND)];
      for (const tick of [last, first, middle]) await harness.arm(tick);
      await harness.advance(10 * SECOND);
      expect(arrivedTokens()).toEqual([first, middle, last].map((tick) => tick.tickToken));
    });

    it('does not deliver a canceled tick, and delivers the others', async () => {
      const [canceled, other] = [tickDueIn(5 * SECOND), tickDueIn(5 * SECOND)];
      const { messageId } = await harness.arm(canceled);
      await harness.arm(other);

      await harness.scheduler.cancel(messageId);
      await harness.advance(10 * SECOND);

      expect(arrivedTokens()).toEqual([other.tickToken]);
    });

    it('ignores the cancellation of a message that was delivered or never existed', async () => {
      const { messageId } = await harness.arm(tickDueIn(SECOND));
      await harness.advance(SECOND);

      await expect(harness.scheduler.cancel(messageId)).resolves.toBeUndefined();
      await expect(harness.scheduler.cancel('no-such-message')).resolves.toBeUndefined();
    });

    it('delivers a publication once, however often it is scheduled', async () => {
      const tick = tickDueIn(5 * SECOND);
      const first = await harness.arm(tick);
      const second = await harness.arm(tick);
      expect(second.messageId).toBe(first.messageId);

      await harness.advance(6 * SECOND);
      await harness.arm(tick);
      await harness.advance(SECOND);

      expect(arrivedTokens()).toEqual([tick.tickToken]);
    });

    it('delivers a token again when it is published again after its delivery', async () => {
      const tick = tickDueIn(SECOND);
      await harness.arm(tick);
      await harness.advance(SECOND);

      await harness.arm({ ...tick, publication: 2, dueAt: harness.now() });
      await harness.advance(SECOND);

      expect(arrivedTokens()).toEqual([tick.tickToken, tick.tickToken]);
    });

    it('neither delivers a tick that is due in 400 days immediately nor loses it', async () => {
      const tick = tickDueIn(400 * DAY);
      await harness.arm(tick);

      await harness.advance(400 * DAY - SECOND);
      expect(harness.arrived()).toEqual([]);

      await harness.advance(2 * SECOND);
      expect(arrivedTokens()).toEqual([tick.tickToken]);
    });

    it('can be started and stopped twice', async () => {
      await harness.scheduler.start();
      await harness.scheduler.stop();
      await harness.scheduler.stop();
    });

    it('has a known name, and reports that it can be reached', async () => {
      expect(SCHEDULER_KINDS).toContain(harness.scheduler.kind);
      await expect(harness.scheduler.check()).resolves.toBeUndefined();
    });

    it('delivers nothing once stopped', async () => {
      await harness.arm(tickDueIn(SECOND));
      await harness.stop();
      await harness.advance(10 * SECOND);
      expect(harness.arrived()).toEqual([]);
    });
  });
}
