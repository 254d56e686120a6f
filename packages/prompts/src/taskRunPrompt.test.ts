import { LIMITS } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { all, minimalInput, richInput } from '../test/examples';
import { estimateTokens } from './budget';
import { buildTaskRunPrompt, PROMPT_TOKENS_MAX, PROMPT_VERSION } from './taskRunPrompt';

const comment = (content: string) => ({ author: 'user' as const, content, createdAt: minimalInput.now });

describe('the prompt of a run', () => {
  it('has for a simple task only the task, why the run started, and how to report', async () => {
    const prompt = buildTaskRunPrompt(minimalInput);

    await expect(prompt.text).toMatchFileSnapshot('../test/snapshots/minimal.txt');
    expect(prompt).toMatchObject({ version: PROMPT_VERSION, truncated: [] });
  });

  it('has for a task with a history all that the run should know', async () => {
    const prompt = buildTaskRunPrompt(richInput);

    await expect(prompt.text).toMatchFileSnapshot('../test/snapshots/rich.txt');
    expect(prompt.truncated).toEqual(['(11 older runs left out)']);
  });

  it('has the name of a task only if a person gave it one', () => {
    const promptOf = (name: string) => {
      const instruction = 'Count the ships. Tell me when one has gone.';
      return buildTaskRunPrompt({ ...minimalInput, task: { ...minimalInput.task, name, instruction } }).text;
    };
    expect(promptOf('Harbour watch')).toContain('Harbour watch');
    expect(promptOf('Count the ships').split('Count the ships')).toHaveLength(2);
  });

  it('says of an instruction by an agent that it does not come from the person', () => {
    const task = { ...minimalInput.task, instructionAuthor: 'agent' as const };
    const { text } = buildTaskRunPrompt({ ...minimalInput, task });
    expect(text).toMatch(/^\[data \w+: instruction, written by an agent\]$/m);
    expect(text).not.toMatch(/"instruction" and "extra prompt of this run" come from the person/);
  });

  it('says how to report through tools to an agent with tools', () => {
    const { text } = buildTaskRunPrompt({ ...minimalInput, reporting: 'tools' });

    expect(text).toContain('Use your tools to raise briefs');
    expect(text).not.toContain('JSON');
  });

  it('says when the next run of a heartbeat task starts, and that this run is the last', () => {
    const { text } = buildTaskRunPrompt({
      ...minimalInput,
      trigger: 'heartbeat',
      topicNumber: 5,
      task: { ...minimalInput.task, automationMode: 'heartbeat', heartbeatInterval: 900, maxTopics: 5 },
    });

    expect(text).toContain(
      '- Run: 5. It is number 5 of at most 5 since the task was started. This is the last run.',
    );
    expect(text).toContain(
      'the next run starts 900 seconds after this one ends. You cannot choose another time.',
    );
  });

  it('falls back to UTC for a stored time zone that does not exist', () => {
    const { text } = buildTaskRunPrompt({
      ...minimalInput,
      task: { ...minimalInput.task, scheduleTimezone: 'Nowhere/At-All' },
    });

    expect(text).toContain('- Now: 2026-03-02T08:30:00.000Z.');
    expect(text).not.toContain('Nowhere');
  });
});

describe('the size of the prompt', () => {
  it('fits the longest instruction and extra prompt in full', () => {
    const instruction = `${'i'.repeat(LIMITS.instructionCharsMax - 1)}!`;
    const extraPrompt = `${'e'.repeat(LIMITS.promptCharsMax - 1)}!`;

    const { text } = buildTaskRunPrompt({
      ...richInput,
      extraPrompt,
      task: { ...richInput.task, instruction },
      comments: all(...Array.from({ length: 100 }, () => comment('c'.repeat(5_000)))),
    });

    expect(text).toContain(instruction);
    expect(text).toContain(extraPrompt);
    expect(estimateTokens(text)).toBeLessThanOrEqual(PROMPT_TOKENS_MAX);
  });

  it('leaves out the oldest first, and says how many', () => {
    const comments = all(
      ...Array.from({ length: 40 }, (_, age) => comment(`comment ${age} ${'x'.repeat(500)}`)),
    );

    const { text, truncated } = buildTaskRunPrompt({ ...minimalInput, comments, maxTokens: 2_500 });

    const shown = [...text.matchAll(/comment (\d+) x/g)].map(([, age]) => Number(age));
    expect(shown.length).toBeGreaterThan(3);
    expect(shown).toEqual(shown.map((_, index) => index));
    expect(truncated).toHaveLength(1);
    expect(truncated[0]).toMatch(new RegExp(`^\\(${40 - shown.length} older comments left out`));
    expect(text).toContain(truncated[0]);
  });

  it('truncates a newest entry that is too long by itself instead of leaving it out', () => {
    const comments = all(comment('x'.repeat(50_000)));

    const { text, truncated } = buildTaskRunPrompt({ ...minimalInput, comments, maxTokens: 2_000 });

    expect(text).toMatch(/x{200,}…\n\[end /);
    expect(truncated).toEqual(['(the oldest one shown is shortened)']);
    expect(estimateTokens(text)).toBeGreaterThan(1_990);
  });

  it('says "at least" when counting stopped at a bound', () => {
    const comments = { items: [comment('newest')], total: 1_000, totalIsFloor: true };

    const { truncated } = buildTaskRunPrompt({ ...minimalInput, comments });

    expect(truncated).toEqual(['(at least 999 older comments left out)']);
  });

  it('gives a long section the space that short ones do not use', () => {
    const comments = all(...Array.from({ length: 100 }, () => comment('c'.repeat(400))));
    const briefs = richInput.briefs;

    const { text, truncated } = buildTaskRunPrompt({ ...minimalInput, comments, briefs, maxTokens: 4_000 });

    expect(text).toContain('Fog ahead');
    expect(truncated).toHaveLength(1);
    expect(estimateTokens(text)).toBeGreaterThan(3_900);
  });

  it('refuses a limit that is too small for the instruction', () => {
    expect(() => buildTaskRunPrompt({ ...minimalInput, maxTokens: 100 })).toThrow(/shorten the instruction/);
  });
});
