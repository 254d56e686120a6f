import { z } from 'zod';
import { type AgentKind, readsWords } from './agentKinds';
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
   * A page on which the person does what the label says. Opening it does not answer the brief. That of the system's
   * own options is a path of the application; one that an agent names is a whole address.
   */
  url?: string | undefined;
  /**
   * What choosing it adds to the task's settings for its kind of agent (`task.config[kind]`). Only agents of this
   * server can offer that.
   */
  adds?: KindSettings | undefined;
  /** The agent that asks would choose it. */
  isRecommended?: boolean | undefined;
  /** It is taken if nobody answers in time. */
  isDefault?: boolean | undefined;
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

/** What the system's own options are called, and what choosing one does. */
export const BRIEF_ACTION_TEXTS: Record<BriefAction, { label: string; meaning: string }> = {
  approve: { label: 'Approve', meaning: 'You agree. The agent is told so.' },
  always: {
    label: 'Always for this task',
    meaning: 'You agree, and to every later call of this tool by this task.',
  },
  decline: { label: 'Decline', meaning: 'You say no. The agent is told so.' },
  feedback: { label: 'Give feedback', meaning: 'You answer in your own words. The agent reads them.' },
  retry: { label: 'Retry now', meaning: 'Runs the task again, and starts to count failures anew.' },
  accept: {
    label: 'Accept as it is',
    meaning: 'The work counts as done, although it did not pass its check.',
  },
  acknowledge: { label: 'Acknowledge', meaning: 'You have seen it. The agent is told so.' },
  dismiss: {
    label: 'Dismiss',
    meaning: 'Closes it without an answer. The agent is not told what you think.',
  },
  complete: { label: 'Complete the task', meaning: 'The goal is met. The task does not run again.' },
  continue: { label: 'Go on', meaning: 'The goal is not met yet. The task goes on.' },
  'open-agent': { label: 'Open the agent', meaning: 'Leads to the settings of the agent.' },
  'edit-task': { label: 'Edit the task', meaning: 'Leads to the settings of the task.' },
  'open-models': { label: 'Open the models', meaning: 'Leads to the keys of model providers.' },
  'open-servers': {
    label: 'Open the tool servers',
    meaning: 'Leads to the servers whose tools agents call.',
  },
  'open-channels': {
    label: 'Open the notifications',
    meaning: 'Leads to the channels by which you are told.',
  },
  'open-system': { label: 'Open the system page', meaning: 'Leads to how this server is set up.' },
  start: { label: 'Start anyway', meaning: 'Starts the task without waiting for what has ended.' },
  drop: {
    label: 'Drop the dependency',
    meaning: 'The task no longer depends on what has ended. It starts if it waits for nothing else.',
  },
  keep: { label: 'Keep in the backlog', meaning: 'Nothing starts. You can start each of them later.' },
  raise: { label: 'Raise the cap', meaning: 'Raises the cap for good. The task goes on.' },
  wait: { label: 'Wait', meaning: 'The task goes on once the cap counts from nothing again.' },
  stop: { label: 'Stop the task', meaning: 'The task is paused. You can resume it later.' },
  cancel: { label: 'Cancel the task', meaning: 'The task does not run. You can start it again later.' },
};

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
