import { describe, expect, it } from 'vitest';
import { byHand, ended, failedBefore, INTERRUPTED, nextHour, nextNoon, oneOff } from '../test/completions';
import {
  armed,
  EVERY_NOON,
  frozen,
  inSeconds,
  NOW,
  operationBy,
  running,
  type StateChanges,
  TOKEN,
} from '../test/taskStates';
import { decidePause, decideStart } from './commandDecisions';
import { decideCompletion } from './completionDecision';
import type { Completion, CompletionPlan } from './completionPlan';
import { retryWaitSeconds } from './retryWait';
import { type FailureStreak, toInstant } from './schedulerState';
import type { TaskState } from './taskState';

const failed = (errorCode: string, changes: Partial<Completion> = {}): Completion =>
  ended({ status: 'error', errorCode, errorMessage: 'It broke', farSide: 'a.example.com', ...changes });
const AWAY = failed('agent_http_503');
const LIMITED = failed('agent_http_429', { retryAfterSeconds: 900 });
const REFUSED = failed('agent_http_401');
const LOST = ended({ status: 'timeout', errorCode: 'lease_lost', errorMessage: 'No sign of life' });
const STOPPED = failed('server_stopped');
const BROKEN = failed('agent_error');

const decide = (state: TaskState, completion: Completion, now = NOW) =>
  decideCompletion(frozen(state), completion, now);

const streak = (changes: Partial<FailureStreak> = {}): FailureStreak => ({
  class: 'transient',
  count: 2,
  since: toInstant(inSeconds(-300)),
  farSide: 'a.example.com',
  told: false,
  ...changes,
});
const withStreak = (changes: Partial<FailureStreak>): StateChanges => ({
  scheduler: { streak: streak(changes) },
});
const waitOf = ({ arm }: CompletionPlan): number => ((arm?.dueAt.getTime() ?? 0) - NOW.getTime()) / 1_000;

describe('a run that failed because its far side is away', () => {
  it('is tried again soon, and is no strike', () => {
    const plan = decide(running(failedBefore(2)), AWAY);
    expect(plan).toMatchObject({
      status: 'scheduled',
      failureClass: 'transient',
      consecutiveFailures: 2,
      error: 'It broke',
      failureBrief: 'keep',
      outage: null,
      arm: { trigger: 'heartbeat', retry: { occurrence: TOKEN, attempt: 2 } },
      streak: { class: 'transient', count: 1, since: toInstant(NOW), farSide: 'a.example.com', told: false },
    });
    expect(waitOf(plan)).toBeGreaterThanOrEqual(30);
    expect(waitOf(plan)).toBeLessThanOrEqual(33);
  });

  it('remains the same occurrence at its next attempt', () => {
    const operation = { ...operationBy('heartbeat'), occurrence: 'the first token', attempt: 4 };
    expect(decide(running({ operation }), AWAY).arm?.retry).toMatchObject({
      occurrence: 'the first token',
      attempt: 5,
    });
  });

  it('waits for as long as a limit says', () => {
    const plan = decide(running(), LIMITED);
    expect(plan).toMatchObject({ failureClass: 'rate-limit', reason: 'rate-limit', consecutiveFailures: 0 });
    expect(waitOf(plan)).toBeGreaterThanOrEqual(900);
  });

  it('waits for no longer than the interval of a heartbeat at first, and for an id of its own', () => {
    const id = running().operation?.id ?? '';
    const wait = { count: 4, retryAfterSeconds: 0, id };
    const away = withStreak({ count: 3 });
    const often = running({ ...away, heartbeatInterval: 10 });
    expect(waitOf(decide(often, AWAY))).toBe(retryWaitSeconds({ ...wait, intervalSeconds: 10 }));
    // The interval of an earlier mode says nothing.
    const state = { ...EVERY_NOON, ...away, heartbeatInterval: 10, operation: operationBy('schedule') };
    const plan = decide(running(state), AWAY);
    expect(waitOf(plan)).toBe(retryWaitSeconds({ ...wait, intervalSeconds: null }));
  });

  it('waits for longer than the interval of a heartbeat if the far side asks for it', () => {
    const plan = decide(running({ heartbeatInterval: 60 }), LIMITED);
    expect(plan.arm?.retry).toMatchObject({ attempt: 2 });
    expect(waitOf(plan)).toBeGreaterThanOrEqual(900);
  });

  it('fails if an edit has left the task without an interval', () => {
    expect(decide(running({ heartbeatInterval: null }), AWAY)).toMatchObject({
      status: 'failed',
      reason: 'no-interval',
    });
  });

  it('is tried again although its pattern has no further date', () => {
    const never = { ...EVERY_NOON, schedulePattern: '0 0 30 2 *', operation: operationBy('schedule') };
    expect(decide(running(never), AWAY)).toMatchObject({
      status: 'scheduled',
      arm: { trigger: 'schedule', retry: { attempt: 2 } },
    });
  });

  it('rests while the person has a question to answer, which it may have asked itself', () => {
    const waits = { status: 'scheduled', arm: null, blockedBy: 'urgent-brief' };
    expect(decide(running({ humanWaiting: true }), AWAY)).toMatchObject(waits);
    expect(decide(running(), { ...AWAY, bringsUrgentBrief: true })).toMatchObject(waits);
  });

  it('of a cron task is tried again before its next time, with its trigger', () => {
    const plan = decide(running({ ...EVERY_NOON, operation: operationBy('schedule') }), AWAY);
    expect(plan.arm).toMatchObject({ trigger: 'schedule', retry: { attempt: 2 } });
    expect(waitOf(plan)).toBeLessThanOrEqual(33);
  });

  it('of a cron task leaves it at its next time when that comes first, as an occurrence of its own', () => {
    const state = running({ ...EVERY_NOON, operation: operationBy('schedule') });
    const plan = decide(state, { ...LIMITED, retryAfterSeconds: 86_400 });
    expect(plan.arm).toEqual({ ...nextNoon, retry: undefined });
    expect(plan.streak).toMatchObject({ count: 1 });
  });

  it('uses up no topic', () => {
    expect(decide(running({ totalTopics: 3, maxTopics: 3 }), AWAY)).toMatchObject({ status: 'scheduled' });
  });

  it('leaves the arm as it was when a person ran it beside the automation', () => {
    const retry = { occurrence: TOKEN, attempt: 3, waitSeconds: 700 };
    const scheduler = { ...armed(inSeconds(600), 'schedule'), retry, streak: streak() };
    expect(decide(byHand('scheduled', { ...EVERY_NOON, scheduler }), AWAY)).toMatchObject({
      status: 'scheduled',
      arm: { dueAt: inSeconds(600), trigger: 'schedule', retry },
      streak: streak(),
      outage: null,
    });
  });

  it.each([AWAY, LOST])('is tried again although the task has no further run left', (failure) => {
    const last = running({ maxTopics: 3, scheduler: { automationRuns: 3 } });
    expect(decide(last, failure)).toMatchObject({ status: 'scheduled', arm: { retry: { attempt: 2 } } });
  });

  it('of a task without automation is tried again, for a day', () => {
    expect(decide(oneOff(), AWAY)).toMatchObject({
      status: 'scheduled',
      arm: { trigger: 'manual', retry: { attempt: 2 } },
    });
    const streakSince = (seconds: number) => withStreak({ since: toInstant(inSeconds(-seconds)) });
    expect(decide(oneOff(streakSince(86_399)), AWAY)).toMatchObject({ status: 'scheduled' });
    expect(decide(oneOff(streakSince(86_400)), AWAY)).toMatchObject({
      status: 'paused',
      arm: null,
      failureBrief: 'open',
    });
  });

  it.each([AWAY, LOST])('goes on in the topic that the person had it continue', (failure) => {
    const operation = { ...operationBy('manual', 'paused'), continuesTopic: true };
    expect(decide(oneOff({ operation }), failure).arm).toMatchObject({ continueTopicId: operation.topicId });
  });

  it.each([AWAY, LOST])('takes no topic from an arm that the person had replaced', (failure) => {
    const replaced = oneOff({ scheduler: { continueTopicId: TOKEN } });
    expect(decide(replaced, failure).arm?.continueTopicId).toBeUndefined();
  });

  it('of a task without automation is tried again whatever end date an earlier loop had', () => {
    const ended = oneOff({ config: { endAt: toInstant(inSeconds(-60)) } });
    for (const failure of [AWAY, LOST])
      expect(decide(ended, failure)).toMatchObject({ status: 'scheduled', arm: { trigger: 'manual' } });
  });

  it('of a task whose automation was taken away meanwhile pauses it', () => {
    const state = running({ automationMode: null });
    expect(decide(state, AWAY)).toMatchObject({ status: 'paused', arm: null, failureBrief: 'open' });
  });

  it('is not tried again by a task whose fuse has blown', () => {
    const state = running({ scheduler: { consecutiveFailures: 3 } });
    expect(decide(state, AWAY)).toMatchObject({ status: 'paused', blockedBy: 'fuse', arm: null });
  });
});

describe('the brief of an outage', () => {
  const opens = (changes: Partial<FailureStreak>, completion = AWAY) =>
    decide(running(withStreak(changes)), completion).outage;

  it('opens at the third failure in a row, ten minutes after the first', () => {
    const since = inSeconds(-600);
    expect(opens({ count: 1, since: toInstant(since) })).toBeNull();
    expect(opens({ count: 2, since: toInstant(inSeconds(-599)) })).toBeNull();
    expect(opens({ count: 2, since: toInstant(since) })).toEqual({
      act: 'open',
      farSide: 'a.example.com',
      since,
      isUrgent: false,
    });
  });

  it('is remembered once it is open', () => {
    const change = withStreak({ count: 2, since: toInstant(inSeconds(-600)) });
    expect(decide(running(change), AWAY).streak).toMatchObject({ told: true });
  });

  it('becomes urgent after a day', () => {
    const streakSince = (seconds: number) => ({
      count: 30,
      since: toInstant(inSeconds(-seconds)),
      told: true,
    });
    expect(opens(streakSince(86_399))).toMatchObject({ isUrgent: false });
    expect(opens(streakSince(86_400))).toMatchObject({ isUrgent: true });
  });

  it('stays open over a start by a person, after which failures and their time are counted anew', () => {
    const paused = {
      ...running(withStreak({ told: true, count: 9 })),
      status: 'paused',
      operation: null,
    } as const;
    const { streak: restarted } = decideStart(paused, NOW);
    expect(restarted).toEqual(streak({ told: true, count: 0 }));
    const plan = decide(running({ scheduler: { streak: restarted } }), AWAY);
    expect(plan).toMatchObject({ outage: null, streak: { count: 1, since: toInstant(NOW), told: true } });
  });

  it('that was never opened is forgotten when a person starts the task', () => {
    const paused = { ...running(withStreak({ count: 2 })), status: 'paused', operation: null } as const;
    expect(decideStart(paused, NOW).streak).toBeUndefined();
  });

  it('counts from now if the streak began while the clock was ahead, so that it opens all the same', () => {
    const plan = decide(running(withStreak({ since: toInstant(inSeconds(9 * 365 * 86_400)) })), AWAY);
    expect(plan).toMatchObject({ outage: null, streak: { count: 3, since: toInstant(NOW) } });
  });

  it('stays with the host while the network is missed too, and goes over to a host that shows itself', () => {
    const told = { told: true, count: 5, since: toInstant(inSeconds(-900)) };
    expect(opens(told, { ...AWAY, farSide: 'network' })).toMatchObject({
      act: 'open',
      farSide: 'a.example.com',
    });
    expect(opens({ ...told, farSide: 'network' })).toEqual({ act: 'close', farSide: 'network' });
    expect(opens({ ...told, farSide: 'b.example.com' })).toEqual({ act: 'close', farSide: 'b.example.com' });
  });

  it.each<[string, Completion]>([
    ['succeeds', ended({})],
    ['fails by itself', BROKEN],
    ['is refused', REFUSED],
  ])('closes when a run %s', (_what, completion) => {
    const plan = decide(running(withStreak({ told: true })), completion);
    expect(plan).toMatchObject({ streak: undefined, outage: { act: 'close', farSide: 'a.example.com' } });
  });

  it('is left open by a run that was lost', () => {
    expect(decide(running(withStreak({ told: true })), LOST)).toMatchObject({
      streak: streak({ told: true }),
      outage: null,
    });
  });

  it('is about the task alone when nobody knows who failed', () => {
    const { streak: after } = decide(running(), { ...AWAY, farSide: undefined });
    expect(after?.farSide).toContain(running().id);
  });
});

describe('a run that was lost', () => {
  it.each([LOST, STOPPED])('is armed for now as the same occurrence, and is no strike', (completion) => {
    expect(decide(running(failedBefore(2)), completion)).toMatchObject({
      status: 'scheduled',
      failureClass: 'lost',
      reason: 'lost',
      consecutiveFailures: 2,
      failureBrief: 'keep',
      arm: { dueAt: NOW, trigger: 'heartbeat', retry: { occurrence: TOKEN, attempt: 2, waitSeconds: 0 } },
    });
  });

  it('counts for the fuse from the fifth in a row on', () => {
    expect(decide(running({ scheduler: { lostRuns: 3 } }), LOST)).toMatchObject({
      lostRuns: 4,
      consecutiveFailures: 0,
    });
    expect(decide(running({ scheduler: { lostRuns: 4 } }), LOST)).toMatchObject({
      status: 'scheduled',
      failureClass: 'lost',
      lostRuns: 5,
      consecutiveFailures: 1,
      failureBrief: 'open',
      arm: nextHour,
    });
    expect(decide(running({ scheduler: { lostRuns: 6, consecutiveFailures: 2 } }), LOST)).toMatchObject({
      status: 'paused',
      blockedBy: 'fuse',
    });
  });

  it('never counts when the server was stopped, however often', () => {
    expect(decide(running({ scheduler: { lostRuns: 9 } }), STOPPED)).toMatchObject({
      status: 'scheduled',
      consecutiveFailures: 0,
      arm: { dueAt: NOW },
    });
  });

  it.each([ended({}), AWAY, BROKEN])('begins to be counted anew after a run that ended', (completion) => {
    expect(decide(running({ scheduler: { lostRuns: 4 } }), completion).lostRuns).toBeUndefined();
  });

  it('leaves the arm as it was when a person ran it beside the automation', () => {
    const state = byHand('scheduled', { scheduler: armed(inSeconds(600)) });
    expect(decide(state, LOST)).toMatchObject({ status: 'scheduled', arm: { dueAt: inSeconds(600) } });
  });

  it('of a task without automation is tried again four times', () => {
    expect(decide(oneOff(), LOST)).toMatchObject({ status: 'scheduled', arm: { dueAt: NOW } });
    expect(decide(oneOff({ scheduler: { lostRuns: 4 } }), LOST)).toMatchObject({ status: 'paused' });
  });
});

describe('a run that cannot succeed until a person acts', () => {
  it('pauses the task at once, without a strike', () => {
    expect(decide(running(failedBefore(1)), REFUSED)).toMatchObject({
      status: 'paused',
      blockedBy: null,
      needsPerson: true,
      consecutiveFailures: 1,
      failureClass: 'needs-person',
      reason: 'needs-person',
      failureBrief: 'open',
    });
    expect(decide(oneOff(), REFUSED)).toMatchObject({ status: 'paused', needsPerson: true });
  });

  it('leaves the arm as it was when a person ran it beside the automation', () => {
    const state = byHand('scheduled', { scheduler: armed(inSeconds(600)) });
    expect(decide(state, REFUSED)).toMatchObject({
      status: 'scheduled',
      arm: { dueAt: inSeconds(600) },
      failureBrief: 'open',
    });
  });

  it('starts no loop', () => {
    expect(decide(byHand('backlog'), REFUSED)).toMatchObject({ status: 'paused', needsPerson: true });
  });

  it('stays so when the person stops a run of it, or pauses it meanwhile', () => {
    const state = byHand('paused', { scheduler: { needsPerson: true } });
    expect(decide(state, INTERRUPTED)).toMatchObject({ status: 'paused', needsPerson: true });
    expect(decidePause(state)).toMatchObject({ status: 'paused', needsPerson: true });
  });
});
