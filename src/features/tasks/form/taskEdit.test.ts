import { describe, expect, it } from 'vitest';
import { editOf, fieldsOfBase, type TaskBase } from './taskEdit';
import type { TaskFields } from './taskFields';
import { taskFormSchema } from './taskForm';
import { conflictsOf, rebased } from './taskParts';

const base: TaskBase = {
  revision: 7,
  agentKind: 'watch',
  instruction: 'Count the boats',
  name: 'Boats',
  agentId: null,
  automationMode: 'heartbeat',
  heartbeatInterval: 900,
  heartbeatTimeout: 120,
  schedulePattern: null,
  scheduleTimezone: null,
  priority: 0,
  maxTopics: null,
  config: { retention: { runs: 50 }, watch: { url: 'https://example.com/' }, mayComplete: true },
};
const read = fieldsOfBase(base);
const watching = (url: string): TaskFields['settings'] => ({
  ...read.settings,
  watch: { url, selector: '' },
});

const editBy = (changes: Partial<TaskFields>) => {
  const typed = { ...read, ...changes };
  return editOf(taskFormSchema.parse(typed), typed, base);
};

describe('what is sent of an edit', () => {
  it('is what was changed, with what it was changed from', () => {
    expect(editBy({ name: 'Ferries', lease: '5 minutes' })).toEqual({
      name: 'Ferries',
      heartbeatTimeout: 300,
      revision: 7,
      base: { name: 'Boats', heartbeatTimeout: 120 },
    });
    expect(editBy({ name: 'Boats ' })).toEqual({ revision: 7, base: {} });
  });

  it('has the instruction that follows from another page, unless a person wrote one', () => {
    const made = { ...base, instruction: 'Tell me when https://example.com/ changes, and what changed.' };
    const typed = { ...fieldsOfBase(made), settings: watching('https://example.com/news') };
    expect(editOf(taskFormSchema.parse(typed), typed, made)).toMatchObject({
      instruction: 'Tell me when https://example.com/news changes, and what changed.',
      base: { instruction: made.instruction },
    });
    expect(editBy({ settings: watching('https://example.com/news') })).not.toHaveProperty('instruction');
  });

  it('has a rule as a whole', () => {
    expect(editBy({ automation: 'schedule', pattern: '0 9 * * *', timezone: 'UTC' })).toMatchObject({
      automationMode: 'schedule',
      heartbeatInterval: null,
      schedulePattern: '0 9 * * *',
      base: {
        automationMode: 'heartbeat',
        heartbeatInterval: 900,
        schedulePattern: null,
        scheduleTimezone: null,
      },
    });
  });

  it('does not count the fields of a rule that is not chosen', () => {
    expect(editBy({ pattern: '0 1 * * *' })).toEqual({ revision: 7, base: {} });
  });

  it('keeps the settings that the form does not show', () => {
    const settings = watching('https://example.com/news');
    expect(editBy({ settings, completion: 'ask' })).toEqual({
      revision: 7,
      config: {
        ...base.config,
        watch: { url: 'https://example.com/news' },
        mayComplete: undefined,
      },
      base: { config: base.config },
    });
  });

  it('has the rule for subtasks that the agent creates, and goes back to the default without it', () => {
    expect(editBy({ subtasks: 'start' }).config).toMatchObject({ subtasks: 'start', mayComplete: true });
    const stored = { ...base, config: { subtasks: 'start' as const } };
    const shown = fieldsOfBase(stored);
    expect(shown.subtasks).toBe('start');
    const typed = { ...shown, subtasks: 'ask' as const };
    expect(editOf(taskFormSchema.parse(typed), typed, stored).config?.subtasks).toBeUndefined();
  });

  it('leaves the settings of an agent alone whose kind is not known yet', () => {
    expect(editBy({ agentKind: null, settings: watching('') })).toEqual({ revision: 7, base: {} });
  });
});

describe('an edit of a task that was saved elsewhere meanwhile', () => {
  const theirs: TaskFields = { ...read, name: 'Ships', every: '1 hour', priority: '1', lease: '5 minutes' };
  const mine: TaskFields = { ...read, name: 'Ferries', every: '5 minutes', priority: '1', maxTopics: '3' };
  const conflicts = conflictsOf(mine, theirs, read);

  it('conflicts in the parts that both changed to something else', () => {
    expect(conflicts.map(({ label }) => label)).toEqual(['Name', 'When it runs']);
    expect(conflicts.map((part) => [part.show(theirs, new Map()), part.show(mine, new Map())])).toEqual([
      ['Ships', 'Ferries'],
      ['Every 1 hour', 'Every 5 minutes'],
    ]);
  });

  it('keeps the changes of both, and of the conflicts what was chosen', () => {
    const [name] = conflicts;
    if (name === undefined) throw new Error('There is no conflict');
    expect(rebased(mine, theirs, read, [name])).toEqual({
      ...theirs,
      every: '5 minutes',
      maxTopics: '3',
      name: 'Ships',
    });
  });

  it('takes over the page to watch', () => {
    const settings = watching('https://example.com/news');
    expect(rebased({ ...read, settings }, theirs, read, []).settings).toEqual(settings);
  });
});
