import { BRIEF_ACTIONS_BY_TYPE, decideCompletion, type FailureStreak, toInstant } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { failedBefore } from '../../../../packages/domain/test/completions';
import {
  inSeconds,
  NOW,
  operationBy,
  running,
  type StateChanges,
} from '../../../../packages/domain/test/taskStates';
import type { OperationCompletion } from './completion';
import { failureBrief, outageWrite } from './failureBriefs';

/** What a person reads about a run that failed. The plans are those that the domain decides. */

const ids = { row: () => 'brief-1', token: () => 'token', secret: () => 'secret' };

/** A run that ended in this way, and what was decided about it. */
function settled(completion: Partial<OperationCompletion>, changes: StateChanges = {}) {
  const ended: OperationCompletion = {
    operationId: 'o',
    taskId: 't',
    userId: 'u',
    topicId: 'c',
    status: 'error',
    report: null,
    errorCode: null,
    errorMessage: 'It broke',
    usage: null,
    transcript: [],
    ...completion,
  };
  const state = running(changes);
  const facts = { goalMet: false, nextRunInSeconds: null, bringsUrgentBrief: false, bringsBrief: false };
  return [state, ended, decideCompletion(state, { ...ended, ...facts, reportHash: null }, NOW)] as const;
}

const AS_REVIEW = {
  agentId: 'agent-1',
  operation: operationBy('review'),
  config: { review: { agentId: 'reviewer', requirement: 'It is short' } },
};

describe('the brief of a failure', () => {
  it('says why, and offers to try again', () => {
    expect(failureBrief(...settled({}))).toEqual({
      type: 'error',
      priority: 'urgent',
      purpose: 'failure',
      title: 'T-1 failed',
      summary: 'It broke',
      actions: BRIEF_ACTIONS_BY_TYPE.error,
    });
  });

  it('names the code, and says so where the run gave no reason', () => {
    const { summary } = failureBrief(...settled({ errorMessage: null, errorCode: 'command_exit_1' }));
    expect(summary).toBe('The run failed without saying why.\n\nCode: command_exit_1');
  });

  it('says that the task is paused once the fuse has blown', () => {
    expect(failureBrief(...settled({}, failedBefore(2))).title).toBe(
      'T-1 is paused after 3 failures in a row',
    );
  });

  const errorCode = 'agent_misconfigured';

  it('leads to the cure where only a person can remove the cause', () => {
    expect(failureBrief(...settled({ errorCode }, { agentId: 'agent-1' }))).toMatchObject({
      title: 'T-1 is paused: it cannot run until you have changed something',
      summary: expect.stringMatching(/^It broke\n\nIt is not tried again by itself.*\n\nCode: agent_misconf/),
      actions: [
        { key: 'open-agent', url: '/agents?edit=agent-1' },
        { key: 'retry' },
        { key: 'acknowledge' },
        { key: 'dismiss' },
      ],
    });
  });

  it('offers no retry where the loop has ended, because nothing would follow from it', () => {
    const last = { config: { endAt: toInstant(inSeconds(1)) } };
    const [state, completion, plan] = settled({ errorCode: 'agent_error' }, last);
    expect(plan.status).toBe('completed');
    expect(failureBrief(state, completion, plan).actions?.map(({ key }) => key)).toEqual([
      'acknowledge',
      'dismiss',
    ]);
  });

  it('leads to the reviewer where that cannot run', () => {
    expect(failureBrief(...settled({ errorCode }, AS_REVIEW)).actions?.[0]?.url).toBe(
      '/agents?edit=reviewer',
    );
  });
});

describe('what a run writes to the brief of a far side that is away', () => {
  const HOST = 'api.example.com';
  /** It has failed twice before, since 20 minutes ago. */
  const away = (farSide = HOST, streak: Partial<FailureStreak> = {}): StateChanges => ({
    scheduler: {
      streak: {
        class: 'transient',
        count: 2,
        since: toInstant(inSeconds(-1_200)),
        farSide,
        told: false,
        ...streak,
      },
    },
  });
  const written = (
    completion: Partial<OperationCompletion> = {},
    changes: StateChanges = away(completion.farSide),
  ) => {
    const [state, ended, plan] = settled(
      { errorCode: 'agent_unreachable', errorMessage: 'No answer', farSide: HOST, ...completion },
      changes,
    );
    return outageWrite(state, ended, plan, ids);
  };

  it('is nothing before it has lasted', () => {
    expect(written({}, {})).toBeNull();
  });

  it('names the far side and since when, and says that nobody has to do anything', () => {
    expect(written()).toEqual({
      act: 'open',
      far_side: HOST,
      since: '2026-06-01T11:40:00.000Z',
      brief: {
        id: 'brief-1',
        priority: 'normal',
        actions: BRIEF_ACTIONS_BY_TYPE.error,
        title: 'api.example.com is away',
        summary:
          'T-1 has failed 3 times in a row since 2026-06-01 11:40 UTC. It is tried again by itself, and so is every other task that needs it, and none of this counts as a failure. This brief closes by itself when a run succeeds.\n\nNo answer\n\nCode: agent_unreachable',
      },
    });
  });

  it('is urgent once it has lasted for a day', () => {
    const day = away(HOST, { since: toInstant(inSeconds(-90_000)), told: true });
    expect(written({}, day)).toMatchObject({ brief: { priority: 'urgent' } });
  });

  it.each([
    ['a limit', { failureClass: 'rate-limit' }, 'api.example.com has reached a limit'],
    [
      'a certificate',
      { errorCode: 'agent_bad_certificate' },
      'The certificate of api.example.com is not trusted',
    ],
    ['the network', { farSide: 'network' }, 'The network is away'],
  ] as const)('says what is the matter: %s', (_what, completion, title) => {
    expect(written(completion)).toMatchObject({ brief: { title } });
  });

  const UNNAMED = `task ${running().id}`;

  it('speaks of the task alone where its agent names no far side', () => {
    const brief = { title: 'What T-1 calls is away', summary: expect.not.stringContaining('every other') };
    expect(written({ farSide: undefined }, away(UNNAMED))).toMatchObject({ brief });
  });

  it('speaks of the check where the reviewer is away', () => {
    expect(written({ farSide: undefined }, { ...away(UNNAMED), ...AS_REVIEW })).toMatchObject({
      brief: {
        title: 'The reviewer of T-1 is away',
        summary: expect.stringMatching(/^The check of what T-1 has done has failed 3 times/),
      },
    });
  });

  it('closes it when a run succeeds again', () => {
    const done = { status: 'done', errorCode: null, errorMessage: null } as const;
    expect(written(done, away(HOST, { count: 3, told: true }))).toEqual({ act: 'close', far_side: HOST });
  });
});
