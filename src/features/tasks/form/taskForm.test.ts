import { describe, expect, it } from 'vitest';
import { emptyFields, fieldsOf } from './taskFields';
import { previewSchedule, taskFormSchema, toTaskInput } from './taskForm';

const agentId = '0197a3c2-6f2e-7cc0-9d6a-3c1c2f6f8d11';
const fields = (changes: Partial<ReturnType<typeof emptyFields>> = {}) => ({
  ...emptyFields(agentId),
  instruction: 'Read the news',
  ...changes,
});
const problemsOf = (changes: Partial<ReturnType<typeof emptyFields>>) => {
  const parsed = taskFormSchema.safeParse(fields(changes));
  return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join('.'));
};

describe('the input that the form sends', () => {
  it('has the interval in seconds for a heartbeat', () => {
    const input = toTaskInput(taskFormSchema.parse(fields({ every: '2 hours' })));

    expect(input).toMatchObject({
      automationMode: 'heartbeat',
      heartbeatInterval: 7_200,
      schedulePattern: null,
    });
  });

  it('has the pattern and its time zone for a schedule', () => {
    const input = toTaskInput(
      taskFormSchema.parse(
        fields({ automation: 'schedule', pattern: '0 9 * * *', timezone: 'Europe/Berlin' }),
      ),
    );

    expect(input).toMatchObject({
      automationMode: 'schedule',
      heartbeatInterval: null,
      schedulePattern: '0 9 * * *',
      scheduleTimezone: 'Europe/Berlin',
    });
  });

  it('has the watched page only for an agent of kind watch', () => {
    const settings = { ...emptyFields(agentId).settings, watch: { url: 'example.com', selector: 'main' } };

    expect(toTaskInput(taskFormSchema.parse(fields({ settings, agentKind: 'watch' }))).config).toEqual({
      watch: { url: 'https://example.com', selector: 'main' },
    });
    expect(toTaskInput(taskFormSchema.parse(fields({ settings, agentKind: 'http' }))).config).toEqual({});
  });
});

describe('the instruction of a task', () => {
  const watching = (url: string) => ({ ...emptyFields(agentId).settings, watch: { url } });

  it('is made of the page for an agent that reads none', () => {
    const typed = fields({ instruction: '', agentKind: 'watch', settings: watching('localhost:4810/a') });
    expect(toTaskInput(taskFormSchema.parse(typed)).instruction).toBe(
      'Tell me when http://localhost:4810/a changes, and what changed.',
    );
  });

  it('has to be written for an agent that reads it', () => {
    expect(problemsOf({ instruction: '', agentKind: 'http' })).toEqual(['instruction']);
    expect(problemsOf({ instruction: '', agentKind: 'watch' })).toEqual([]);
  });
});

describe('the rule for subtasks that the agent creates', () => {
  const configFor = (subtasks: 'ask' | 'start' | 'backlog') =>
    toTaskInput(taskFormSchema.parse(fields({ subtasks }))).config;

  it('is stored unless it is the default, to ask', () => {
    expect(configFor('start')).toEqual({ subtasks: 'start' });
    expect(configFor('backlog')).toEqual({ subtasks: 'backlog' });
    expect(configFor('ask')).toEqual({});
  });
});

describe('an invalid value', () => {
  it('is reported at its field', () => {
    expect(problemsOf({ instruction: ' ' })).toEqual(['instruction']);
    expect(problemsOf({ every: '' })).toEqual(['every']);
    expect(problemsOf({ every: '15' })).toEqual(['every']);
    expect(problemsOf({ automation: 'schedule', pattern: 'tomorrow' })).toEqual(['pattern']);
    expect(problemsOf({ automation: 'schedule', pattern: '0 0 31 2 *' })).toEqual(['pattern']);
    expect(problemsOf({ automation: 'schedule', timezone: 'Mars/Olympus' })).toEqual(['timezone']);
    const settings = { ...emptyFields(agentId).settings, watch: { url: 'javascript:1' } };
    expect(problemsOf({ agentKind: 'watch', settings })).toEqual(['settings.watch.url']);
    expect(problemsOf({ agentKind: 'watch' })).toEqual([]);
    expect(problemsOf({ agentKind: 'http', settings })).toEqual([]);
    expect(problemsOf({ pacingMin: '1 minute' })).toEqual(['pacingMax']);
    expect(problemsOf({ pacingMin: '1 minute', pacingMax: '30 seconds' })).toEqual(['pacingMax']);
  });
});

describe('the preview of a schedule', () => {
  it('lists the next times in order', () => {
    const preview = previewSchedule('0 9 * * *', 'UTC', new Date('2030-05-01T08:00:00.000Z'), 2);

    expect(preview).toEqual({
      times: [new Date('2030-05-01T09:00:00.000Z'), new Date('2030-05-02T09:00:00.000Z')],
    });
  });
});

describe('editing a task', () => {
  it('shows its times in words', () => {
    const task = {
      ...toTaskInput(taskFormSchema.parse(fields())),
      id: agentId,
      identifier: 'T-1',
      name: 'News',
      agentId,
      status: 'backlog' as const,
      automationMode: 'heartbeat' as const,
      heartbeatInterval: 5_400,
      heartbeatTimeout: 120,
      schedulePattern: null,
      scheduleTimezone: null,
      parentTaskId: null,
      priority: 2,
      error: null,
      totalTopics: 0,
      revision: 1,
      maxTopics: null,
      config: {},
      context: {
        scheduler: {
          tickToken: null,
          tickMessageId: null,
          scheduledAt: null,
          dueAt: null,
          consecutiveFailures: 0,
          automationRuns: 0,
          blockedBy: null,
          trigger: null,
        },
      },
      createdAt: new Date(0),
      updatedAt: new Date(0),
      completedAt: null,
      mutedAt: null,
      pausedReason: null,
      nextRunAt: null,
    };

    expect(fieldsOf(task)).toMatchObject({
      every: '1 hour 30 minutes',
      priority: '2',
      lease: '2 minutes',
    });
  });
});
