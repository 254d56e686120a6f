import { describe, expect, it } from 'vitest';
import { changesOf, fieldChangesSchema } from './fieldChanges';
import { LIMITS } from './limits';
import { MASK } from './mask';
import type { TaskConfig } from './taskConfig';

const task: Parameters<typeof changesOf>[0] & { storedConfig: { watch: object; budget: object } } = {
  name: 'Harbour',
  instruction: 'Count the boats',
  agentId: null,
  priority: 0,
  automationMode: 'heartbeat',
  heartbeatInterval: 900,
  heartbeatTimeout: 600,
  schedulePattern: null,
  scheduleTimezone: null,
  maxTopics: null,
  storedConfig: {
    budget: { perDayUsd: 1 },
    watch: { url: 'https://example.com/', headers: { Authorization: 'sealed:v1:a' }, ignoreText: ['ad'] },
  },
};

/** Masks the headers, as the agent's kind would have it. */
const shown = (config: TaskConfig): TaskConfig =>
  config.watch?.headers === undefined
    ? config
    : { ...config, watch: { ...config.watch, headers: { Authorization: MASK } } };

const changed = (edit: Parameters<typeof changesOf>[1]) => changesOf(task, edit, shown);

describe('what an edit changed', () => {
  it('is each field that differs, from what to what', () => {
    expect(changed({ name: 'Port', priority: 1, heartbeatInterval: 900, automationMode: null })).toEqual([
      { field: 'name', from: 'Harbour', to: 'Port' },
      { field: 'priority', from: 0, to: 1 },
      { field: 'automationMode', from: 'heartbeat', to: null },
    ]);
  });

  it('is told of each setting within the configuration by its path', () => {
    const config = {
      budget: { perDayUsd: 2.5, totalUsd: 10 },
      mayComplete: true,
      watch: { ...task.storedConfig.watch, ignoreText: ['ad', 'clock'] },
    };
    expect(changed({ config })).toEqual([
      { field: 'config.budget.perDayUsd', from: 1, to: 2.5 },
      { field: 'config.watch.ignoreText', from: 'ad', to: 'ad\nclock' },
      { field: 'config.budget.totalUsd', from: null, to: 10 },
      { field: 'config.mayComplete', from: null, to: true },
    ]);
  });

  it('never tells a secret, and still that it was changed', () => {
    const { watch, budget } = task.storedConfig;
    const config = { budget, watch: { ...watch, headers: { Authorization: 'sealed:v1:b' } } };
    const masked = `Authorization: ${MASK}`;
    expect(changed({ config })).toEqual([{ field: 'config.watch.headers', from: masked, to: masked }]);
    expect(changed({ config: task.storedConfig })).toEqual([]);
  });

  it('is, of long texts, the part that differs', () => {
    const before = `${'a'.repeat(5_000)} seven boats ${'z'.repeat(5_000)}`;
    const [only] = changesOf(
      { ...task, instruction: before },
      { instruction: before.replace('seven', 'eight') },
      shown,
    );
    expect(only?.from).toMatch(/^…a+ seven boats z+…$/);
    expect(only?.to).toMatch(/^…a+ eight boats z+…$/);
    expect(String(only?.from).length).toBeLessThan(120);
  });

  it('is bounded where everything differs, and stays storable where a sign is cut in two', () => {
    const [only] = changesOf(
      { ...task, instruction: '🚢'.repeat(5_000) },
      { instruction: '⛵'.repeat(20_000) },
      shown,
    );
    for (const text of [only?.from, only?.to]) {
      expect(String(text).length).toBeLessThanOrEqual(LIMITS.changeCharsMax);
      expect(String(text).isWellFormed()).toBe(true);
    }
  });

  it('is read back as it was stored, and as nothing where a row holds something else', () => {
    const changes = changed({ name: 'Port' });
    expect(fieldChangesSchema.parse(JSON.parse(JSON.stringify(changes)))).toEqual(changes);
    expect(fieldChangesSchema.parse([{ field: 1 }])).toBeNull();
    expect(fieldChangesSchema.parse(null)).toBeNull();
  });
});
