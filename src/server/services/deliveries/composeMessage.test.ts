import type { TakenMessage, ToldBrief } from '@everbeat/database';
import { DEFAULT_RULES, LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { composeMessage } from './composeMessage';

const URL = 'https://beat.example.com';
const TOLD_AT = new Date('2026-06-01T12:00:00Z');
const minutesLater = (minutes: number): Date => new Date(TOLD_AT.getTime() + minutes * 60_000);

let count = 0;
const brief = (change: Partial<ToldBrief> = {}): ToldBrief => {
  count += 1;
  return {
    deliveryId: `d${count}`,
    briefId: `b${count}`,
    taskId: 't',
    taskIdentifier: 'T-7',
    taskName: 'Harbour',
    kind: 'change',
    purpose: null,
    title: `News ${count}`,
    summary: 'Two ships',
    priority: 'normal',
    actions: [],
    questionHash: 'asked',
    isCut: false,
    occurrences: 1,
    createdAt: TOLD_AT,
    askedAt: TOLD_AT,
    expiresAt: null,
    defaultAction: null,
    resolvedAt: null,
    ...change,
  };
};

const compose = (
  briefs: ToldBrief[],
  as: TakenMessage['as'] = 'single',
  actions = [ANSWER],
  unknownBefore = 0,
) => {
  const channel: TakenMessage['channel'] = {
    id: 'c',
    kind: 'email',
    name: 'Mail',
    config: {},
    isEnabled: true,
    quietHours: null,
    rules: DEFAULT_RULES,
    coolDownMinutes: 0,
    failingSince: null,
    problem: null,
    lastSentAt: null,
    createdAt: TOLD_AT,
    updatedAt: TOLD_AT,
  };
  const taken = {
    id: 'm',
    as,
    attempts: 1,
    firstAttemptAt: TOLD_AT,
    channel,
    userId: 'ada',
    timezone: 'UTC',
    unknownBefore,
    briefs,
  };
  return composeMessage(taken, URL, actions);
};
const ANSWER = { key: 'yes', label: 'Yes', url: `${URL}/a/token`, token: 'token' };

it('of no brief there is nothing to say', () => {
  expect(compose([])).toBeNull();
});

describe('a message that tells of one brief', () => {
  it('has its text, its page, its task and the links that answer it', () => {
    const one = brief({
      kind: 'needs-me',
      priority: 'urgent',
      title: 'Left?',
      summary: 'The road **forks**',
    });
    expect(compose([one])).toEqual({
      id: 'm',
      kind: 'needs-me',
      priority: 'urgent',
      threadKey: one.briefId,
      actions: [ANSWER],
      title: 'Left?',
      text: 'The road **forks**',
      url: `${URL}/?brief=${one.briefId}`,
      task: { identifier: 'T-7', title: 'Harbour' },
    });
  });

  it.each([
    [0, '1 min'],
    [59.4, '59 min'],
    [60, '1 h'],
    [47 * 60, '47 h'],
    [48 * 60, '2 days'],
    [80 * 60, '3 days'],
  ])('says of what is over after %i minutes that it recovered after %s', (minutes, text) => {
    const over = compose([brief({ kind: 'recovered', title: 'Away', resolvedAt: minutesLater(minutes) })]);
    expect(over?.title).toBe(`Recovered after ${text}: Away`);
    expect(over?.text).toBe(`It ended ${text} after it was told. There is nothing left to do.`);
  });

  it('keeps the title of a recovery within its limit', () => {
    const long = brief({
      kind: 'recovered',
      title: 'x'.repeat(LIMITS.briefTitleCharsMax),
      resolvedAt: minutesLater(5),
    });
    expect(compose([long])?.title.length).toBe(LIMITS.briefTitleCharsMax);
  });
});

describe('a message that tells of several', () => {
  const other = { taskId: 'u', taskIdentifier: 'T-8', taskName: 'Mail' };

  it('of one task leads to it, and answers nothing', () => {
    const [newest, older] = [brief(), brief({ priority: 'info' })];
    expect(compose([newest, older], 'together')).toEqual({
      id: 'm',
      kind: 'digest',
      priority: 'normal',
      threadKey: 'm',
      actions: [],
      text: '',
      title: '2 briefs in T-7 Harbour',
      url: `${URL}/tasks/T-7`,
      task: { identifier: 'T-7', title: 'Harbour' },
      lines: [{ title: `T-7 Harbour: ${newest.title}`, url: `${URL}/tasks/T-7`, count: 2 }],
    });
  });

  it('of several tasks leads to the inbox, with a line for each, the newest first', () => {
    const [first, second, third] = [brief(other), brief(), brief(other)];
    expect(compose([first, second, third], 'digest')).toMatchObject({
      title: 'Digest: 3 briefs in 2 tasks',
      url: `${URL}/`,
      task: null,
      lines: [
        { title: `T-8 Mail: ${first.title}`, url: `${URL}/tasks/T-8`, count: 2 },
        { title: `T-7 Harbour: ${second.title}`, url: `${URL}/tasks/T-7`, count: 1 },
      ],
    });
  });

  it('is as urgent as the most urgent of them', () => {
    const priorityOf = (...priorities: ToldBrief['priority'][]) =>
      compose(priorities.map((priority) => brief({ priority })))?.priority;
    expect(priorityOf('info', 'urgent', 'normal')).toBe('urgent');
    expect(priorityOf('info', 'normal')).toBe('normal');
    expect(priorityOf('info', 'info')).toBe('info');
  });

  it('says that a flood ends with it', () => {
    expect(compose([brief(), brief(other)], 'flood')?.title).toBe('And 2 more in 2 tasks');
    expect(compose([brief(), brief()], 'retry')?.title).toBe('2 briefs in T-7 Harbour');
  });
});

it.each([
  [1, 'The message before this one may not have arrived.'],
  [3, '3 messages before this one may not have arrived.'],
])('says that what was sent before it may not have arrived: %i', (unknownBefore, text) => {
  expect(compose([brief()], 'single', [], unknownBefore)?.text).toMatch(/^Two ships\n\n/);
  expect(compose([brief()], 'single', [], unknownBefore)?.text).toContain(text);
  expect(compose([brief(), brief()], 'together', [], unknownBefore)?.text).toContain(text);
});
