import { describe, expect, it } from 'vitest';
import { mergeEdit } from './editMerge';
import { AppError } from './errors';

const task = {
  name: 'Boats',
  instruction: 'Count the boats',
  agentId: null,
  priority: 0,
  automationMode: 'heartbeat',
  heartbeatInterval: 60,
  heartbeatTimeout: 120,
  schedulePattern: null,
  scheduleTimezone: null,
  maxTopics: null,
  config: {},
  revision: 7,
} as const;

type Given = Parameters<typeof mergeEdit>;
function conflictOf(...given: Given): string | null {
  try {
    mergeEdit(...given);
    return null;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'edit-conflict') throw error;
    return /edit of (.*) was not saved/.exec(error.message)?.[1] ?? '';
  }
}

describe('an edit that does not say what it was made from', () => {
  it('is written over what others wrote', () => {
    expect(mergeEdit({ ...task, name: 'Ships' }, { name: 'Ferries' }, {})).toEqual({ name: 'Ferries' });
  });
});

describe('an edit made from a revision', () => {
  it('is taken while the task still has it', () => {
    expect(mergeEdit(task, { name: 'Ferries' }, { revision: 7 })).toEqual({ name: 'Ferries' });
  });

  it('is refused when the task has changed since', () => {
    expect(conflictOf(task, { name: 'Ferries', priority: 1 }, { revision: 6 })).toBe('name, priority');
  });

  it('is taken for the fields whose base is still there', () => {
    const origin = { revision: 6, base: { name: 'Boats' } };
    expect(mergeEdit(task, { name: 'Ferries' }, origin)).toEqual({ name: 'Ferries' });
    expect(conflictOf(task, { name: 'Ferries', priority: 1 }, origin)).toBe('priority');
  });
});

describe('an edit made from values', () => {
  it('is taken when others changed other fields', () => {
    const changed = { ...task, instruction: 'Count the ships' };
    expect(mergeEdit(changed, { name: 'Ferries' }, { base: { name: 'Boats' } })).toEqual({ name: 'Ferries' });
  });

  it('is refused when others changed the same field to something else, and names it', () => {
    const changed = { ...task, name: 'Ships', heartbeatInterval: 90 };
    const edit = { name: 'Ferries', heartbeatInterval: 30, priority: 1 };
    expect(conflictOf(changed, edit, { base: { name: 'Boats', heartbeatInterval: 60, priority: 0 } })).toBe(
      'name, heartbeatInterval',
    );
  });

  it('is no conflict with the same edit by another', () => {
    const changed = { ...task, name: 'Ferries' };
    expect(mergeEdit(changed, { name: 'Ferries' }, { base: { name: 'Boats' } })).toEqual({ name: 'Ferries' });
  });

  it('leaves a field alone that it does not change', () => {
    const changed = { ...task, name: 'Ships' };
    const merged = mergeEdit(
      changed,
      { name: 'Boats', priority: 1 },
      { base: { name: 'Boats', priority: 0 } },
    );
    expect(merged.name).toBeUndefined();
    expect(merged.priority).toBe(1);
  });

  it('may replace a value by null, and null by a value', () => {
    expect(mergeEdit(task, { heartbeatInterval: null }, { base: { heartbeatInterval: 60 } })).toEqual({
      heartbeatInterval: null,
    });
    expect(conflictOf({ ...task, maxTopics: 3 }, { maxTopics: 5 }, { base: { maxTopics: null } })).toBe(
      'maxTopics',
    );
  });
});

describe('an edit of the configuration', () => {
  const watch = { url: 'https://example.com/', selector: 'main' };

  it('keeps the keys that others changed', () => {
    const changed = { ...task, config: { report: 'always', mayComplete: true } as const };
    const edit = { config: { report: 'changes', watch } as const };
    expect(mergeEdit(changed, edit, { base: { config: { report: 'changes' } } })).toEqual({
      config: { report: 'always', mayComplete: true, watch },
    });
  });

  it('removes a key that it leaves out', () => {
    const stored = { ...task, config: { mayComplete: true, watch } };
    expect(mergeEdit(stored, { config: { watch } }, { base: { config: stored.config } }).config).toEqual({
      mayComplete: undefined,
      watch,
    });
  });

  it('is refused when others changed the same key to something else', () => {
    const changed = { ...task, config: { report: 'always' } as const };
    expect(conflictOf(changed, { config: { report: 'changes' } }, { base: { config: {} } })).toBe(
      'config.report',
    );
  });

  it('does not mind the order of keys, which the database changes', () => {
    const stored = { ...task, config: { watch: { selector: 'main', url: 'https://example.com/' } } };
    const edit = { config: { watch: { ...watch, selector: 'h1' } } };
    expect(mergeEdit(stored, edit, { base: { config: { watch } } }).config).toEqual(edit.config);
  });
});
