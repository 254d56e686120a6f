import { expect, test } from 'vitest';
import { z } from 'zod';
import { describeIssues } from './describeIssues';

const issuesOf = (schema: z.ZodType, value: unknown): string => {
  const { error } = schema.safeParse(value);
  return error === undefined ? '' : describeIssues(error);
};
const refused = z.string().refine(() => false, 'does not fit');

test('what does not fit is described with its place', () => {
  expect(issuesOf(z.object({ a: z.array(refused) }), { a: ['secret', 'secret'] })).toBe(
    'a.0: does not fit; a.1: does not fit',
  );
  expect(issuesOf(refused, 'secret')).toBe('does not fit');
});

test('five issues are described, and the others counted', () => {
  const describe = (count: number) => issuesOf(z.array(refused), Array<string>(count).fill('secret'));
  expect(describe(5).split('; ')).toHaveLength(5);
  expect(describe(7)).toMatch(/^0: does not fit; .*; 4: does not fit; and 2 more$/);
});
