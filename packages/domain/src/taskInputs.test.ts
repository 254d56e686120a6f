import { describe, expect, it } from 'vitest';
import { LIMITS } from './limits';
import {
  commentContentSchema,
  defaultTaskName,
  taskCreateSchema,
  taskRefSchema,
  taskRunSchema,
  taskUpdateSchema,
} from './taskInputs';

const LONE_SURROGATE = 'half \ud83d a sign';
const AGENT_ID = '0190f5c2-7b7e-7cc0-8000-000000000001';

const creates = (changes: object): boolean =>
  taskCreateSchema.safeParse({ instruction: 'Watch the news', ...changes }).success;

describe('creating a task', () => {
  it('needs only an instruction', () => {
    expect(taskCreateSchema.parse({ instruction: '  Watch the news \n' })).toEqual({
      instruction: 'Watch the news',
    });
    expect(taskCreateSchema.safeParse({}).success).toBe(false);
  });

  it('drops unknown fields', () => {
    const hostile = JSON.parse(
      '{"instruction": "x", "status": "running", "userId": "other", "__proto__": {"name": "y"}}',
    );
    const parsed = taskCreateSchema.parse(hostile);
    expect(Object.keys(parsed)).toEqual(['instruction']);
    expect(parsed.name).toBeUndefined();
  });

  it.each([
    ['a whole emoji', { name: 'Weather 🌦️' }],
    ['the longest instruction', { instruction: 'x'.repeat(LIMITS.instructionCharsMax) }],
    ['an agent id', { agentId: AGENT_ID }],
    ['removed automation', { automationMode: null, heartbeatInterval: null, schedulePattern: null }],
    ['the longest interval', { heartbeatInterval: LIMITS.heartbeatSecondsMax }],
    ['a parent by its identifier', { parentTaskId: 'T-12' }],
  ])('accepts %s', (_what, changes) => {
    expect(creates(changes)).toBe(true);
  });

  it.each([
    ['a blank instruction', { instruction: ' \n\t ' }],
    ['a NUL in the instruction', { instruction: 'a\u0000b' }],
    ['a NUL in the name', { name: '\u0000' }],
    ['a lone surrogate in the instruction', { instruction: LONE_SURROGATE }],
    ['a lone surrogate in the name', { name: LONE_SURROGATE }],
    ['an instruction beyond the limit', { instruction: 'x'.repeat(LIMITS.instructionCharsMax + 1) }],
    ['a number instead of a string', { name: 12 }],
    ['an agent that is not an id', { agentId: "' or 1=1 --" }],
    ['an unknown mode', { automationMode: 'constructor' }],
    ['an interval of zero', { heartbeatInterval: 0 }],
    ['an interval that is not a number', { heartbeatInterval: Number.NaN }],
    ['an interval as a string', { heartbeatInterval: '60' }],
    ['an interval beyond a year', { heartbeatInterval: LIMITS.heartbeatSecondsMax + 1 }],
    ['a lease of zero', { heartbeatTimeout: 0 }],
    ['a lease beyond a day', { heartbeatTimeout: LIMITS.leaseSecondsMax + 1 }],
    ['a pattern that is too long', { schedulePattern: '*'.repeat(201) }],
    ['a blank zone', { scheduleTimezone: ' ' }],
    ['an unknown priority', { priority: 5 }],
    ['no topics at all', { maxTopics: 0 }],
    ['a configuration with an unknown key', { config: { constructor: 1 } }],
  ])('refuses %s', (_what, changes) => {
    expect(creates(changes)).toBe(false);
  });
});

describe('the other inputs', () => {
  it('an update names its task, and needs nothing else', () => {
    expect(taskUpdateSchema.parse({ id: ' T-12 ' })).toEqual({ id: 'T-12' });
    expect(taskUpdateSchema.safeParse({ name: 'x' }).success).toBe(false);
    expect(taskUpdateSchema.safeParse({ id: 'T-12', instruction: '' }).success).toBe(false);
  });

  it('a task reference is short', () => {
    expect(taskRefSchema.safeParse('').success).toBe(false);
    expect(taskRefSchema.safeParse('x'.repeat(65)).success).toBe(false);
  });

  it.each([
    ['a NUL', 'a\u0000b'],
    ['a lone surrogate', LONE_SURROGATE],
  ])('%s is refused in a prompt and in a comment', (_what, text) => {
    expect(taskRunSchema.safeParse({ id: 'T-1', prompt: text }).success).toBe(false);
    expect(commentContentSchema.safeParse(text).success).toBe(false);
  });

  it('a comment must not be empty', () => {
    expect(commentContentSchema.safeParse(' \n ').success).toBe(false);
    expect(commentContentSchema.parse(' Well done ')).toBe('Well done');
  });

  it('a run continues a topic by its id', () => {
    expect(taskRunSchema.safeParse({ id: 'T-1', continueTopicId: AGENT_ID }).success).toBe(true);
    expect(taskRunSchema.safeParse({ id: 'T-1', continueTopicId: 'T-1' }).success).toBe(false);
  });
});

it.each([
  ['its first sentence', 'Watch the news. Then say what changed.', 'Watch the news'],
  ['"Untitled" where there is none', '# \n---', 'Untitled'],
])('a task without a name is called by %s', (_what, instruction, name) => {
  expect(defaultTaskName(instruction)).toBe(name);
});
