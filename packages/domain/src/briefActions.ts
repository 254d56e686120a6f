import { z } from 'zod';
import { type AgentKind, readsWords } from './agentKinds';
import { BRIEF_ACTION_TEXTS } from './briefActionTexts';
import type { CapRaise } from './budgetStop';
import { LIMITS } from './limits';
import { type BriefAction, type BriefType, RECOVERED_ACTION } from './status';
import type { KindSettings } from './taskConfig';
import { storableTextSchema } from './textSchemas';

/** An option that a brief offers: its key is what resolves the brief, its label what the person reads. */
export interface BriefActionView {
  key: string;
  label: string;
  /** How the button stands out. Without one, the first option of a brief is the primary one. */
  style?: BriefActionStyle | undefined;
  /**
   * A page on which the person does what the label says. Opening it does not answer the brief. That of the
   * system's own options is a path of the application; one that an agent names is a whole address.
   */
  url?: string | undefined;
  /**
   * What choosing it adds to the task's settings for its kind of agent (`task.config[kind]`). Only agents of
   * this server can offer that.
   */
  adds?: KindSettings | undefined;
  /** The agent that asks would choose it. */
  isRecommended?: boolean | undefined;
  /** Caps that choosing it raises. Only the system offers that. */
  raises?: CapRaise[] | undefined;
  /** Until when choosing it lets the task wait: ISO 8601 in UTC. Only the system offers that. */
  until?: string | undefined;
}

export const BRIEF_ACTION_STYLES = ['primary', 'danger'] as const;
export type BriefActionStyle = (typeof BRIEF_ACTION_STYLES)[number];

export const briefActionKeySchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, 'must be made of letters, digits, "-", "_" and "."')
  .max(LIMITS.briefActionKeyCharsMax)
  .refine(
    (key) => key !== RECOVERED_ACTION,
    'is what the system records for a brief that a success resolved',
  );

export const briefActionUrlSchema = z.url({ protocol: /^https?$/ }).max(LIMITS.briefActionUrlCharsMax);

/** An option that an agent offers. Pages of other schemes than http(s) are refused. */
export const briefActionSchema: z.ZodType<BriefActionView, unknown> = z.object({
  key: briefActionKeySchema,
  label: storableTextSchema(LIMITS.briefActionLabelCharsMax).trim().min(1),
  style: z.enum(BRIEF_ACTION_STYLES).optional(),
  url: briefActionUrlSchema.optional(),
});

/** The system's own options of these keys, in this order. */
export const actionsOf = (...keys: readonly BriefAction[]): BriefActionView[] =>
  keys.map((key) => ({ key, label: BRIEF_ACTION_TEXTS[key].label }));

/** What a brief of an agent offers that names no options of its own. */
export const BRIEF_ACTIONS_BY_TYPE: Record<BriefType, BriefActionView[]> = {
  decision: actionsOf('approve', 'decline', 'feedback', 'dismiss'),
  result: actionsOf('acknowledge', 'feedback', 'dismiss'),
  insight: actionsOf('acknowledge', 'feedback', 'dismiss'),
  error: actionsOf('retry', 'acknowledge', 'dismiss'),
};

/** The options of an agent's brief: its own, each key once, or those of its type. */
export function offeredActions(type: BriefType, own: readonly BriefActionView[] = []): BriefActionView[] {
  const byKey = new Map<string, BriefActionView>();
  for (const action of own) if (!byKey.has(action.key)) byKey.set(action.key, action);
  const offered = [...byKey.values()].slice(0, LIMITS.actionsPerBriefMax);
  return offered.length > 0 ? offered : BRIEF_ACTIONS_BY_TYPE[type];
}

/** The options without those that speak to an agent that reads no words. */
export const answerable = (
  actions: readonly BriefActionView[],
  agentKind: AgentKind | null,
): BriefActionView[] => actions.filter(({ key }) => key !== 'feedback' || readsWords(agentKind));
