import { z } from 'zod';
import { LIMITS } from './limits';
import { isStorable } from './text';

const NOT_STORABLE = { message: 'must be well-formed Unicode without NUL characters' };

/** `tasks.config`: what a person sets for one task beyond its columns. Unknown keys are refused, so that a typing error shows. */
export const taskConfigSchema = z.strictObject({
  /** Lets the agent choose its next wake-up, within these bounds. */
  pacing: z
    .strictObject({
      minSeconds: z.int().min(1).max(LIMITS.heartbeatSecondsMax),
      maxSeconds: z.int().min(1).max(LIMITS.heartbeatSecondsMax),
    })
    .refine((pacing) => pacing.minSeconds <= pacing.maxSeconds, {
      message: 'minSeconds must not be greater than maxSeconds',
    })
    .optional(),
  /** No run starts after this instant: the task completes instead of re-arming past it. */
  endAt: z.iso.datetime({ offset: true }).optional(),
  /** For a `watch` agent: what this task watches; it goes before the agent's own address. */
  watch: z
    .strictObject({
      url: z
        .url({ protocol: /^https?$/ })
        .max(2_000)
        .refine(isStorable, NOT_STORABLE),
      selector: z.string().max(500).refine(isStorable, NOT_STORABLE).optional(),
    })
    .optional(),
});
export type TaskConfig = z.infer<typeof taskConfigSchema>;

/** A stored configuration that no longer fits counts as empty, never as a reason to stop. */
export function parseTaskConfig(value: unknown): TaskConfig {
  const parsed = taskConfigSchema.safeParse(value ?? {});
  return parsed.success ? parsed.data : {};
}
