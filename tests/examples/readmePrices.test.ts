import { readFileSync } from 'node:fs';
import { DEFAULT_TASK_BUDGET } from '@everbeat/domain';
import { expect, test } from 'vitest';
import { README_MODELS } from './readmeModels';

/** The README in one line, as it is read. */
const README = readFileSync('README.md', 'utf8').replace(/\s+/g, ' ');

const usd = (amount: number): string => `$${Number.isInteger(amount) ? amount : amount.toFixed(2)}`;

test('the README quotes the list prices of the models in the table of its examples', () => {
  const columns = README_MODELS.map(({ name }) => name).join(' | ');
  expect(README).toContain(`| with news | ${columns} |`);
  const [first, ...others] = README_MODELS.map(({ price }) => ({
    input: usd(price.inputPerMillionUsd),
    output: usd(price.outputPerMillionUsd),
  }));
  const quoted = others.map(({ input, output }) => `, and ${input} and ${output}`).join('');
  expect(README).toContain(`(${first?.input} in and ${first?.output} out per million tokens${quoted})`);
});

test('the README quotes the caps that a new task has', () => {
  const { perDayUsd = 0, perMonthUsd = 0 } = DEFAULT_TASK_BUDGET;
  expect(README).toContain(
    `A new task stops and asks you at ${usd(perDayUsd)} a day or ${usd(perMonthUsd)} a month`,
  );
  expect(Object.keys(DEFAULT_TASK_BUDGET)).toHaveLength(2);
});
