import {
  type ApprovalAnswer,
  actionsOf,
  type BriefActionView,
  briefActionKeySchema,
  LIMITS,
  storableText,
} from '@everbeat/domain';
import { z } from 'zod';
import type { QuestionText } from '../port';
import { inputSchemaOf, readInput } from './input';
import { type AgentTool, ToolError } from './port';

const OPTION = z.object({
  key: briefActionKeySchema,
  label: z.string().trim().min(1).max(LIMITS.briefActionLabelCharsMax),
});

const INPUT = z.object({
  question: z.string().trim().min(1).max(LIMITS.briefTitleCharsMax).describe('One sentence'),
  details: z
    .string()
    .max(LIMITS.briefSummaryCharsMax / 2)
    .optional()
    .describe('Markdown: what they need to know to decide'),
  actions: z.array(OPTION).min(1).max(LIMITS.askedOptionsMax).describe('What they may choose'),
  recommended: z.string().optional().describe('The key of the option that you would choose'),
  ifNobodyAnswers: z
    .object({
      key: z.string().describe('The key of the option that is taken then'),
      hours: z.coerce.number().int().min(1).max(LIMITS.askedHoursMax),
    })
    .optional()
    .describe('Left out: the run waits, and nothing is chosen for them'),
});
type Question = z.output<typeof INPUT>;

/**
 * Asks the person, and goes on with their answer in the same run: it parks as before a call that they must
 * approve (PROTOCOL §9).
 */
export const askPersonTool: AgentTool = {
  name: 'ask_person',
  description:
    'Ask the person to decide between options, and wait for the answer, which is the result of this call. Ask only what you cannot find out or decide yourself.',
  inputSchema: inputSchemaOf(INPUT),
  readOnly: true,
  idempotent: true,
  policy: 'allow',
  asks: { question: questionOf, answer: answerText },
  execute: () => {
    throw new ToolError('A person answers this, and there is none.');
  },
};

/** @throws ToolError that says what does not fit */
function read(input: unknown): Question {
  const question = readInput(INPUT, input);
  const keys = question.actions.map(({ key }) => key);
  if (new Set(keys).size < keys.length) throw new ToolError('Each option needs a key of its own.');
  const { recommended, ifNobodyAnswers } = question;
  for (const key of [recommended, ifNobodyAnswers?.key])
    if (key !== undefined && !keys.includes(key))
      throw new ToolError(`There is no option "${key}". The options are: ${keys.join(', ')}.`);
  return question;
}

function questionOf(input: unknown, taskIdentifier: string): QuestionText {
  const { question, details = '', actions, recommended, ifNobodyAnswers: silent } = read(input);
  const own = actions.map(({ key, label }): BriefActionView => {
    const action = { key, label: storableText(label, LIMITS.briefActionLabelCharsMax) };
    return { ...action, ...(key === recommended && { style: 'primary', isRecommended: true }) };
  });
  const hasDecline = own.some(({ key }) => key === 'decline');
  return {
    title: storableText(`${taskIdentifier} asks: ${question}`, LIMITS.briefTitleCharsMax),
    summary: storableText(
      [details.trim(), 'Your words, if you add any, are told to the agent.']
        .filter((part) => part !== '')
        .join('\n\n'),
      LIMITS.briefSummaryCharsMax,
    ),
    actions: hasDecline ? own : [...own, ...actionsOf('decline')],
    waitHours: silent?.hours,
    defaultAction: silent?.key,
  };
}

/** What the model reads as the result of its call. */
function answerText(input: unknown, { action, comment, isUnanswered = false }: ApprovalAnswer): string {
  const { actions, ifNobodyAnswers } = read(input);
  // An option of the model's own may have the key of a no, which is recorded when nobody answers and none was
  // named.
  if (isUnanswered && ifNobodyAnswers === undefined) return 'Nobody answered. Nothing was chosen.';
  const option = actions.find(({ key }) => key === action);
  const chosen = option && `"${option.label}" (${option.key})`;
  if (isUnanswered) return `Nobody answered in time, so ${chosen} was chosen, as you said.`;
  const said = comment === null || comment.trim() === '' ? '' : ` They say: ${comment}`;
  return chosen === undefined
    ? `The person chose none of the options.${said}`
    : `The person chose ${chosen}.${said}`;
}
