import { describe, expect, it } from 'vitest';
import { all, minimalInput, richInput } from '../test/examples';
import { putTogether, readRecipe, takeApart } from './recipe';
import { buildTaskRunPrompt, promptTexts } from './taskRunPrompt';

const long = (word: string, chars: number): string => `${word} `.repeat(Math.ceil(chars / (word.length + 1)));

/** A task whose runs have left reports of four thousand characters, with the number of its newest run. */
const inputOf = (number: number) => ({
  ...richInput,
  topicNumber: number,
  task: { ...richInput.task, instruction: long('Look at the harbour, and count the ships.', 600) },
  topics: all(
    ...Array.from({ length: 10 }, (_, age) => ({
      number: number - 1 - age,
      trigger: 'heartbeat' as const,
      status: 'done' as const,
      error: null,
      title: `Report ${number - 1 - age}`,
      handoff: long(`Run ${number - 1 - age} saw nothing new.`, 4_000),
      createdAt: new Date(Date.UTC(2026, 0, 1, number - age)),
    })),
  ),
});

function recipeOf(input: typeof richInput) {
  const prompt = buildTaskRunPrompt(input);
  const { recipe, stored } = takeApart(prompt);
  const read = readRecipe(Buffer.from(recipe, 'base64'));
  if (read === null) throw new Error('It cannot be read');
  return { prompt, recipe, stored, read };
}

describe('a recipe', () => {
  it.each([
    ['a small prompt', minimalInput],
    ['a rich one', richInput],
    ['one with long reports', inputOf(40)],
    ['one whose history is shortened to fit', { ...inputOf(40), maxTokens: 4_000 }],
  ])('gives %s back to the letter', (_what, input) => {
    const { prompt, stored, read } = recipeOf(input);
    const found = putTogether(read, [...stored.values(), ...promptTexts(input)]);
    expect(found).toEqual({ text: prompt.text, missing: 0, isWhole: true });
  });

  it('is small, and leaves nothing new to store for the next run', () => {
    const first = recipeOf(inputOf(40));
    const second = recipeOf(inputOf(41));
    expect(second.prompt.text.length).toBeGreaterThan(40_000);
    expect(Buffer.from(second.recipe, 'base64').length).toBeLessThan(2_500);
    expect([...second.stored.keys()].filter((hash) => !first.stored.has(hash))).toEqual([]);
  });

  it('marks what is no longer there, and does not pass for the whole prompt', () => {
    const input = inputOf(40);
    const { stored, read } = recipeOf(input);
    const changed = { ...input, topics: all(...input.topics.items.slice(1)) };
    const found = putTogether(read, [...stored.values(), ...promptTexts(changed)]);
    expect(found).toMatchObject({ missing: 1, isWhole: false });
    expect(found.text).toContain('characters that are no longer stored)');
    expect(found.text).toContain('Run 30 saw nothing new.');
  });

  it('that is not one is not read', () => {
    expect(readRecipe(Buffer.from('nonsense'))).toBeNull();
  });
});
