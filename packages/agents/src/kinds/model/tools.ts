import { BRIEF_PRIORITIES, BRIEF_TYPES, errorMessage, LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import type { AgentReport } from '../../port';
import { readComment, readSubtask } from '../../shared/answer';
import { FieldReader, isObject } from '../../shared/fieldReader';
import { secondsSchema } from '../../shared/looseNumbers';
import { readBrief } from '../../shared/readBrief';
import { inputSchemaOf } from '../../tools/input';
import { type AgentTool, ToolError } from '../../tools/port';

/** What the model asked for with its tools. It takes effect when the run settles, or not at all. */
export type Effects = Required<Pick<AgentReport, 'briefs' | 'comments' | 'subtasks' | 'goalMet'>> &
  Pick<AgentReport, 'nextRunInSeconds'>;

export const noEffects = (): Effects => ({
  briefs: [],
  comments: [],
  subtasks: [],
  goalMet: false,
});

const text = (charsMax: number) => z.string().max(charsMax);

const BRIEF = z.object({
  type: z.enum(BRIEF_TYPES).exclude(['error']),
  priority: z.enum(BRIEF_PRIORITIES),
  title: text(LIMITS.briefTitleCharsMax),
  summary: text(LIMITS.briefSummaryCharsMax).describe('Markdown'),
  actions: z
    .array(
      z.object({
        key: text(LIMITS.briefActionKeyCharsMax).describe('letters, digits, ".", "_" and "-"'),
        label: text(LIMITS.briefActionLabelCharsMax),
      }),
    )
    .max(LIMITS.actionsPerBriefMax)
    .optional()
    .describe('The answers to choose from, if the usual ones do not fit'),
  expiry: z
    .object({
      action: text(LIMITS.briefActionKeyCharsMax).describe('The key of the answer that is chosen then'),
      afterSeconds: z.int().min(LIMITS.expirySecondsMin).max(LIMITS.expirySecondsMax),
    })
    .optional()
    .describe('Of a decision that nobody answers in time. Left out: it waits, and nothing is chosen'),
  key: text(LIMITS.briefKeyCharsMax)
    .optional()
    .describe(
      'What the brief is about, such as "pull-7", in words that a later run would choose too. While a brief of this type and key is open, a further one updates it instead of adding another.',
    ),
  document: text(LIMITS.documentNameCharsMax)
    .optional()
    .describe('The name of a document of this task that it is about'),
});
const COMMENT = z.object({ content: text(LIMITS.commentCharsMax) });
const SUBTASK = z.object({
  name: text(LIMITS.nameCharsMax).optional(),
  instruction: text(LIMITS.instructionCharsMax),
});
const WAKE_UP = z.object({ seconds: z.int().min(1).max(LIMITS.heartbeatSecondsMax) });

/**
 * A tool that notes what the model asks for, and does nothing by itself: it takes effect when the run
 * settles.
 */
const noting = (
  name: string,
  description: string,
  schema: z.ZodType,
  note: (input: unknown) => string,
): AgentTool => ({
  name,
  description,
  inputSchema: inputSchemaOf(schema),
  readOnly: true,
  idempotent: true,
  policy: 'allow',
  execute: note,
  restore: (input) => void note(input),
});

/**
 * Tools that record into `effects`. The model sees what cannot be read as an error of the tool, and goes on.
 */
export function reportTools(effects: Effects): AgentTool[] {
  return [
    noting(
      'create_brief',
      'Tell the person something. decision: they must decide before the task goes on (use priority urgent). result: what was done. insight: what they should know.',
      BRIEF,
      (input) =>
        read(input, (fields) => {
          const brief = readBrief(fields);
          add(effects.briefs, brief.type === 'error' ? { ...brief, type: 'insight' } : brief, BRIEFS);
        }),
    ),
    noting(
      'add_comment',
      'Leave a note on the task, for the person and for your own later runs.',
      COMMENT,
      (input) => read(input, (fields) => add(effects.comments, readComment(fields), COMMENTS)),
    ),
    noting('create_subtask', 'Hand over a part of the work as a task of its own.', SUBTASK, (input) =>
      read(input, (fields) => add(effects.subtasks, readSubtask(fields), SUBTASKS)),
    ),
    noting(
      'declare_goal_met',
      'The goal of the whole task is reached: after this run the task is completed and does not run again.',
      z.object({}),
      () => {
        effects.goalMet = true;
        return 'recorded';
      },
    ),
    noting(
      WAKE_UP_TOOL,
      'Choose when this task runs next, within the bounds that the person set.',
      WAKE_UP,
      (input) =>
        read(input, (fields) => {
          const seconds = fields.optional('seconds', secondsSchema);
          if (!seconds) fields.refuse('it has no number of seconds');
          effects.nextRunInSeconds = seconds;
        }),
    ),
  ];
}

/** Only where the task allows it: elsewhere what it asks for would be ignored. */
export const WAKE_UP_TOOL = 'choose_next_wake_up';

/** What a run has told with its tools before its end. */
export type ToldInRun = Required<Pick<AgentReport, 'briefs' | 'comments' | 'subtasks'>>;

/** The tools that tell: the others wish for something about the next run, which only a report may. */
export const TELLING_TOOLS = ['create_brief', 'add_comment', 'create_subtask'] as const;

/**
 * What such calls, each carried out, have told. One that this version of the application cannot read is left
 * out.
 */
export function toldIn(calls: readonly { name: string; input: unknown }[]): ToldInRun {
  const effects = noEffects();
  const tools = reportTools(effects);
  for (const { name, input } of calls) {
    try {
      tools.find((tool) => tool.name === name)?.restore?.(input);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
    }
  }
  const { briefs, comments, subtasks } = effects;
  return { briefs, comments, subtasks };
}

const BRIEFS = { countMax: LIMITS.briefsPerRunMax, what: 'briefs' };
const COMMENTS = { countMax: LIMITS.commentsPerRunMax, what: 'comments' };
const SUBTASKS = { countMax: LIMITS.subtasksPerRunMax, what: 'subtasks' };

/** Records what an input says, and answers what was made of it. @throws ToolError */
function read(input: unknown, record: (fields: FieldReader) => void): string {
  const fields = new FieldReader(isObject(input) ? input : {});
  try {
    record(fields);
  } catch (error) {
    throw new ToolError(errorMessage(error), { cause: error });
  }
  return ['recorded', ...fields.notes].join('. ');
}

/** The model sees what is thrown here as an error of the tool. */
function add<T>(list: T[], item: T, { countMax, what }: { countMax: number; what: string }): void {
  if (list.length >= countMax)
    throw new ToolError(`A run may leave at most ${countMax} ${what}; this one was not recorded.`);
  list.push(item);
}
