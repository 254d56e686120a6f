import { describeIssues } from '@everbeat/domain';
import type { JSONSchema7 } from 'ai';
import { z } from 'zod';
import { ToolError } from './port';

/**
 * What a model is told about the input of a tool. It is not checked against this: models send numbers as
 * texts and invent words for priorities.
 */
export function inputSchemaOf(schema: z.ZodType): JSONSchema7 {
  const { $schema: _, ...fields } = z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
  return { ...fields, type: 'object' };
}

/** @throws ToolError that says which field does not fit, and why */
export function readInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const read = schema.safeParse(input ?? {});
  if (read.success) return read.data;
  throw new ToolError(`This call cannot be made: ${describeIssues(read.error)}`);
}
