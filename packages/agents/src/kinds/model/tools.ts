import {
  briefActionKeySchema,
  briefPrioritySchema,
  briefTypeSchema,
  LIMITS,
  storableText,
} from '@everbeat/domain';
import { tool } from 'ai';
import { z } from 'zod';
import type { AgentReport } from '../../port';

/** What the model asked for with its tools. It takes effect when the run settles, or not at all. */
export type Effects = Required<Pick<AgentReport, 'briefs' | 'comments' | 'subtasks' | 'goalMet'>> &
  Pick<AgentReport, 'nextRunInSeconds'>;

export const noEffects = (): Effects => ({ briefs: [], comments: [], subtasks: [], goalMet: false });

const text = (charsMax: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(charsMax)
    .transform((value) => storableText(value, charsMax));

/**
 * Tools that record into `effects`. The model sees invalid input as an error of the tool, and the run goes
 * on.
 */
export function createTools(effects: Effects) {
  return {
    create_brief: tool({
      description:
        'Tell the person something. decision: they must decide before the task goes on (use priority urgent). result: what was done. insight: what they should know.',
      inputSchema: z.object({
        type: briefTypeSchema.exclude(['error']),
        priority: briefPrioritySchema,
        title: text(LIMITS.briefTitleCharsMax),
        summary: text(LIMITS.briefSummaryCharsMax).describe('Markdown'),
        actions: z
          .array(z.object({ key: briefActionKeySchema, label: text(LIMITS.briefActionLabelCharsMax) }))
          .max(LIMITS.actionsPerBriefMax)
          .optional()
          .describe('The answers to choose from, if the usual ones do not fit'),
      }),
      execute: (brief) => add(effects.briefs, brief, LIMITS.briefsPerRunMax, 'briefs'),
    }),
    add_comment: tool({
      description: 'Leave a note on the task, for the person and for your own later runs.',
      inputSchema: z.object({ content: text(LIMITS.commentCharsMax) }),
      execute: ({ content }) => add(effects.comments, content, LIMITS.commentsPerRunMax, 'comments'),
    }),
    create_subtask: tool({
      description: 'Hand over a part of the work as a task of its own.',
      inputSchema: z.object({
        name: text(LIMITS.nameCharsMax).optional(),
        instruction: text(LIMITS.instructionCharsMax),
      }),
      execute: (subtask) => add(effects.subtasks, subtask, LIMITS.subtasksPerRunMax, 'subtasks'),
    }),
    declare_goal_met: tool({
      description:
        'The goal of the whole task is reached: after this run the task is completed and does not run again.',
      inputSchema: z.object({}),
      execute: () => {
        effects.goalMet = true;
        return 'recorded';
      },
    }),
    choose_next_wake_up: tool({
      description: 'Choose when this task runs next, within the bounds that the person set.',
      inputSchema: z.object({ seconds: z.int().min(1).max(LIMITS.heartbeatSecondsMax) }),
      execute: ({ seconds }) => {
        effects.nextRunInSeconds = seconds;
        return 'recorded';
      },
    }),
  };
}

/** The model sees what is thrown here as an error of the tool. */
function add<T>(list: T[], item: T, countMax: number, what: string): string {
  if (list.length >= countMax)
    throw new Error(`A run may leave at most ${countMax} ${what}; this one was not recorded.`);
  list.push(item);
  return 'recorded';
}
