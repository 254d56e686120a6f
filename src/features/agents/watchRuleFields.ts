import { z } from 'zod';
import type { KindField } from './kindForm';

const lines = (label: string, hint: string, placeholder: string): KindField => ({
  label,
  hint,
  placeholder,
  control: 'lines',
  isRare: true,
  schema: z.string().transform((text) =>
    text
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
  format: (stored) => (Array.isArray(stored) ? stored.join('\n') : ''),
});

const number = (label: string, hint: string): KindField => ({
  label,
  hint,
  isRare: true,
  schema: z
    .string()
    .transform((text) => Number(text.replace(',', '.')))
    .refine(Number.isFinite, 'Enter a number, such as 45 or 49.90'),
});

/** What counts as a change of a page, for the agent and for a task. */
export const WATCH_RULE_FIELDS = {
  ignoreText: lines('Ignore lines with', 'One text a line.', 'visitors'),
  ignorePatterns: {
    ...lines('Ignore what matches', 'One pattern a line (RE2).', '\\d+ visitors'),
    isCode: true,
  },
  ignoreSelectors: { ...lines('Ignore elements', 'One CSS selector a line.', 'aside'), isCode: true },
  ignorePaths: { ...lines('Ignore parts of JSON', 'One path a line.', '$.items[*].views'), isCode: true },
  onlyIfContains: {
    label: 'Only if the new text contains',
    placeholder: 'in stock',
    isRare: true,
  },
  below: number('Only when the number falls below', 'The first number of what is watched.'),
  above: number('Only when the number rises above', 'The first number of what is watched.'),
  byPercent: number('Only when the number moves by more than (%)', 'Since it was reported last.'),
  includeNoise: {
    label: 'Clocks, counters and advertisements',
    isRare: true,
    control: {
      options: () => [
        ['', 'Leave out what changes by itself'],
        ['true', 'Report it too'],
      ],
    },
    schema: z.string().transform((text) => text === 'true'),
    format: (stored) => (stored === true ? 'true' : ''),
  },
} as const satisfies Record<string, KindField>;
