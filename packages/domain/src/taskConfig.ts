import { z } from 'zod';
import type { AgentKind } from './agentKinds';
import { budgetSchema } from './budget';
import { LIMITS } from './limits';
import { perAgentKind } from './listSchemas';
import { ABSENCE_RULES, REPORT_RULES, SUBTASK_RULES } from './status';
import { isStorableJson } from './text';
import { NOT_STORABLE, storableTextSchema } from './textSchemas';

/**
 * What one kind of agent lets a person set for each task. Only the kind itself knows the fields: its schema
 * checks them where they enter (`src/server/api`) and again before each run.
 */
const kindSettingsSchema = z.record(z.string(), z.unknown()).refine(isStorableJson, NOT_STORABLE);
export type KindSettings = z.infer<typeof kindSettingsSchema>;

/** The settings that do not depend on the kind of agent. */
const COMMON_FIELDS = {
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
  /** How many of the newest runs are kept whole; of older ones, the last of each day is kept. */
  retention: z.strictObject({ runs: z.int().min(LIMITS.keptRunsMin).max(LIMITS.keptRunsMax) }).optional(),
  /** Lets the agent complete the task by saying that its goal is met. Otherwise the person is asked. */
  mayComplete: z.boolean().optional(),
  /**
   * Whether a successful run whose agent wrote no brief reaches the inbox with its report: always, when the
   * report differs from the last successful run's, or not at all (default).
   */
  report: z.enum(REPORT_RULES).optional(),
  /**
   * Whether subtasks that an agent creates start at once, are asked about with one brief (default), or stay
   * in the backlog.
   */
  subtasks: z.enum(SUBTASK_RULES).optional(),
  /** Whether it beats more slowly while nobody looks at what it reports (default), or keeps its rhythm. */
  absence: z.enum(ABSENCE_RULES).optional(),
  /** What the task may spend, with its subtasks (PROTOCOL §10). */
  budget: budgetSchema.optional(),
  /** The work of each run is checked by a reviewer before it counts (PROTOCOL §4.4). */
  review: z
    .strictObject({
      /** What the work must fulfil, in the person's words. */
      requirement: storableTextSchema(LIMITS.requirementCharsMax).trim().min(1),
      /**
       * How often it may be handed in before the person is asked. Default `LIMITS.reviewIterationsDefault`.
       */
      maxIterations: z.int().min(1).max(LIMITS.reviewIterationsMax).optional(),
      /** Who checks it. Left out: the task's own agent, in a context of its own. */
      agentId: z.uuid().optional(),
    })
    .optional(),
};

/**
 * `tasks.config`: what a person sets for one task beyond its columns, with the settings of each kind of agent
 * under the kind's name. Unknown keys are refused, so that typing errors are reported.
 */
export const taskConfigSchema = z.strictObject({
  ...COMMON_FIELDS,
  ...perAgentKind(() => kindSettingsSchema.optional()),
});
export type TaskConfig = z.infer<typeof taskConfigSchema>;

/**
 * How many entries of one setting are kept: a list that grows with each answer forgets what was added first.
 */
const ADDED_MAX = 50;

/** The configuration with these settings of a kind added: lists grow by them, other values are replaced. */
export function withAddedSettings(config: TaskConfig, kind: AgentKind, adds: KindSettings): TaskConfig {
  const settings: KindSettings = { ...config[kind] };
  for (const [name, added] of Object.entries(adds)) {
    const before: unknown = settings[name];
    settings[name] =
      Array.isArray(added) && Array.isArray(before)
        ? [...new Set<unknown>([...before, ...added])].slice(-ADDED_MAX)
        : added;
  }
  return { ...config, [kind]: settings };
}

/** What `withAddedSettings` would change of these settings, as it is before. Null: it is not set. */
export const settingsBefore = (config: TaskConfig, kind: AgentKind, adds: KindSettings): KindSettings =>
  Object.fromEntries(Object.keys(adds).map((name) => [name, config[kind]?.[name] ?? null]));

/** The configuration with these settings of a kind as they were (`settingsBefore`). */
export function withSettingsBack(config: TaskConfig, kind: AgentKind, before: KindSettings): TaskConfig {
  const { [kind]: settings, ...others } = config;
  const left = Object.entries({ ...settings, ...before }).filter(([name]) => before[name] !== null);
  return left.length === 0 ? others : { ...others, [kind]: Object.fromEntries(left) };
}

/** Reads a stored configuration; one that no longer fits counts as empty rather than as an error. */
export function parseTaskConfig(value: unknown): TaskConfig {
  const parsed = taskConfigSchema.safeParse(value ?? {});
  return parsed.success ? parsed.data : {};
}
