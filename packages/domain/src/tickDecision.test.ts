import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyState,
  anyStateThatIs,
  armed,
  EVERY_NOON,
  frozen,
  inSeconds,
  NOW,
  OTHER_TOKEN,
  operationBy,
  resting,
  running,
  TOKEN,
  taskState,
  USER,
} from '../test/taskStates';
import { LIMITS } from './limits';
import { toInstant } from './schedulerState';
import { SKIP_REASONS, type SkipReason } from './status';
import type { TaskState } from './taskState';
import { decideTick } from './tickDecision';

const TICK = { userId: USER, tickToken: TOKEN };
const STALE = { userId: USER, tickToken: OTHER_TOKEN };
const due = resting(NOW);
const blocked = { tickToken: null, dueAt: null, trigger: null, blockedBy: 'urgent-brief' } as const;

describe('a tick', () => {
  it('runs a scheduled task whose arm is due', () => {
    expect(decideTick(due, TICK, NOW)).toEqual({ run: true });
  });

  it('says that a person is waited for while the run of its task waits for one', () => {
    const operation = { ...operationBy('heartbeat'), isWaiting: true };
    for (const tick of [TICK, STALE])
      expect(decideTick(running({ operation }), tick, NOW)).toEqual({ run: false, reason: 'human-waiting' });
  });

  it('runs a cron task, which has no interval', () => {
    const daily = resting(NOW, { ...EVERY_NOON, heartbeatInterval: null });
    expect(decideTick(daily, TICK, NOW)).toEqual({ run: true });
  });

  it('runs a task until its end date, and at that instant', () => {
    for (const endAt of [NOW, inSeconds(60)])
      expect(decideTick(resting(NOW, { scheduler: { endAt: toInstant(endAt) } }), TICK, NOW)).toEqual({
        run: true,
      });
  });

  it.each<[SkipReason, string, TaskState | null, typeof TICK]>([
    ['not-found', 'there is no task', null, TICK],
    ['not-found', 'the task is of another user', due, { ...TICK, userId: 'user-2' }],
    ['mode-changed', 'the automation was removed', { ...due, automationMode: null }, TICK],
    ['mode-changed', 'the automation is of another mode now', { ...due, ...EVERY_NOON }, TICK],
    ['no-interval', 'the interval was removed', { ...due, heartbeatInterval: null }, TICK],
    ['no-interval', 'the interval is zero', { ...due, heartbeatInterval: 0 }, TICK],
    [
      'no-interval',
      'a heartbeat task without an interval has a one-off arm',
      resting(NOW, { heartbeatInterval: null, scheduler: { trigger: 'manual' } }),
      TICK,
    ],
    ['terminal', 'the task was canceled', taskState({ status: 'canceled' }), TICK],
    ['terminal', 'the task has completed', taskState({ status: 'completed' }), TICK],
    ['terminal', 'the task has failed', taskState({ status: 'failed' }), TICK],
    ['paused', 'the task was paused', taskState({ status: 'paused' }), TICK],
    ['in-flight', 'the operation of this tick is running', running(), TICK],
    ['in-flight', 'a manual operation is running', running({ operation: operationBy('manual') }), STALE],
    ['human-waiting', 'a brief blocks the task', resting(NOW, { scheduler: blocked }), TICK],
    ['human-waiting', 'an urgent brief was opened after the arm', { ...due, humanWaiting: true }, TICK],
    ['in-flight', 'its status says running, without an operation', taskState({ status: 'running' }), TICK],
    ['stale-token', 'another arm has replaced this one', due, STALE],
    [
      'stale-token',
      'another arm has replaced this one, and the interval was removed since',
      { ...due, heartbeatInterval: null },
      STALE,
    ],
    ['stale-token', 'nothing is armed', taskState({ status: 'backlog' }), TICK],
    [
      'end-date',
      'it came after the end date',
      resting(inSeconds(-60), { scheduler: { endAt: toInstant(inSeconds(-1)) } }),
      TICK,
    ],
    ['early', 'it is not due yet', resting(inSeconds(60)), TICK],
    ['early', 'the arm has no due time', resting(NOW, { scheduler: { dueAt: null } }), TICK],
  ])('says %s when %s', (reason, _situation, state, claim) => {
    expect(decideTick(state, claim, NOW)).toEqual({ run: false, reason });
  });

  it('runs a one-off arm of a task without automation', () => {
    expect(decideTick(resting(NOW, { automationMode: null }), TICK, NOW)).toEqual({ run: true });
  });
});

describe('the time of a tick', () => {
  const dueAt = inSeconds(60);
  const earliest = dueAt.getTime() - LIMITS.earlyToleranceMs;

  it.each([
    ['runs exactly at its due time less the tolerance', earliest, { run: true }],
    ['is early one millisecond before', earliest - 1, { run: false, reason: 'early' }],
    ['runs however late', dueAt.getTime() + 365 * 86_400_000, { run: true }],
  ])('%s', (_behaviour, now, decision) => {
    expect(decideTick(resting(dueAt), TICK, new Date(now))).toEqual(decision);
  });
});

describe('of several reasons', () => {
  /** Each alone gives its reason; combined, the first one wins. */
  const causes: [SkipReason, Partial<TaskState>][] = [
    ['mode-changed', EVERY_NOON],
    ['in-flight', { operation: operationBy('manual') }],
    ['human-waiting', { humanWaiting: true }],
    ['early', { scheduler: { ...due.scheduler, ...armed(inSeconds(60)) } }],
  ];
  const pairs = causes.flatMap(([first, cause], index) =>
    causes
      .slice(index + 1)
      .map(([second, other]) => [first, second, { ...due, ...other, ...cause }] as const),
  );

  it.each(pairs)('%s takes precedence over %s', (first, _second, state) => {
    expect(decideTick(state, TICK, NOW)).toEqual({ run: false, reason: first });
  });

  it.each<[SkipReason, SkipReason, TaskState, typeof TICK]>([
    ['terminal', 'stale-token', taskState({ status: 'canceled' }), STALE],
    ['paused', 'stale-token', taskState({ status: 'paused' }), STALE],
    ['paused', 'human-waiting', taskState({ status: 'paused', scheduler: { blockedBy: 'fuse' } }), TICK],
    ['in-flight', 'stale-token', running(), STALE],
    ['human-waiting', 'stale-token', resting(NOW, { scheduler: blocked }), STALE],
    ['stale-token', 'human-waiting', { ...due, humanWaiting: true }, STALE],
    ['stale-token', 'early', resting(inSeconds(60)), STALE],
    ['stale-token', 'mode-changed', { ...due, ...EVERY_NOON }, STALE],
    ['not-found', 'terminal', taskState({ status: 'canceled' }), { ...TICK, userId: 'user-2' }],
  ])(
    '%s takes precedence over %s: a message in flight when the task changed',
    (first, _second, state, claim) => {
      expect(decideTick(state, claim, NOW)).toEqual({ run: false, reason: first });
    },
  );
});

describe('for any state', () => {
  const claims = fc.constantFrom(TICK, STALE);

  it('a tick runs only with the current token of a scheduled, unblocked task that is due', () => {
    fc.assert(
      fc.property(fc.oneof(anyState, anyStateThatIs('scheduled')).map(frozen), claims, (state, claim) => {
        const decision = decideTick(state, claim, NOW);
        expect(decideTick(state, claim, NOW)).toEqual(decision);
        if (!decision.run) return void expect(SKIP_REASONS).toContain(decision.reason);
        expect(state).toMatchObject({ status: 'scheduled', operation: null, humanWaiting: false });
        expect(state.scheduler).toMatchObject({ tickToken: claim.tickToken, blockedBy: null });
        expect(Date.parse(state.scheduler.dueAt ?? '')).toBeLessThanOrEqual(
          NOW.getTime() + LIMITS.earlyToleranceMs,
        );
      }),
      { numRuns: 1_000 },
    );
  });
});
