import type { z } from 'zod';

/** The JSON of an answer, as far as it fits. Null: it does not. */
export function readJson<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
