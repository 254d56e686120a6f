import { type ApprovalAnswer, actionsOf, type BriefActionView, LIMITS, storableText } from '@everbeat/domain';
import type { RunStep, StepQuestion } from '../port';
import { escapeMarkdown, fenced } from '../shared/markdown';
import type { AgentTool } from '../tools/port';

/** Below the limit of a summary, to leave room for the words around them. */
const ARGUMENTS_CHARS_MAX = LIMITS.briefSummaryCharsMax - 1_000;
/**
 * Characters that show nothing, or make what follows appear in another order than it is written; and so many
 * backticks that the fence around them would be as long again.
 */
const UNSEEN = /`{20,}|[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}\u2028\u2029]/gu;

/**
 * What the person is asked about a step that waits for them: what its tool asks, or whether it may be called
 * at all.
 */
export function questionOf(step: RunStep, tools: readonly AgentTool[], taskIdentifier: string): StepQuestion {
  const asks = tools.find(({ name }) => name === step.name)?.asks;
  if (asks === undefined) return approvalOf(step, taskIdentifier);
  return { index: step.index, ...asks.question(step.input, taskIdentifier) };
}

/**
 * What the person is asked before a call of a tool: the tool and its arguments, as the model wrote them,
 * where nothing in them can look like a part of the question.
 */
function approvalOf({ index, name, input }: RunStep, taskIdentifier: string): StepQuestion {
  const written = readable(JSON.stringify(input, null, 2) ?? '');
  const shown = storableText(written, ARGUMENTS_CHARS_MAX);
  const rest = written.length - ARGUMENTS_CHARS_MAX;
  const isCut = rest > 0 ? `\n\n**${rest.toLocaleString('en')} characters more are not shown here.**` : '';
  return {
    index,
    title: storableText(`${taskIdentifier} asks: may it call ${name}?`, LIMITS.briefTitleCharsMax),
    summary: `**${escapeMarkdown(name)}** would be called with:\n\n${fenced(shown, 'json')}${isCut}\n\nWhatever you write when you decline is told to the agent.`,
    actions: approvalActions(name),
    defaultAction: 'decline',
  };
}

/**
 * JSON to be read: what would not be seen is escaped, and texts of several lines are shown so, after each
 * `\n`.
 */
const readable = (json: string): string =>
  json.replace(UNSEEN, escaped).replace(/\\./g, (pair) => (pair === '\\n' ? '\\n\n    ' : pair));

/** As JSON writes characters by their numbers: those beyond the first plane as two. */
const escaped = (characters: string): string =>
  characters
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** `always` adds the tool to what the task lets its agent call. */
function approvalActions(tool: string): BriefActionView[] {
  const [always] = actionsOf('always');
  return [
    { key: 'approve', label: 'Approve once' },
    ...(always === undefined ? [] : [{ ...always, adds: { allowedTools: [tool] } }]),
    { key: 'decline', label: 'Decline' },
  ];
}

/** What the model reads of a call that the person has not approved. */
export function declined({ comment, isUnanswered }: ApprovalAnswer): string {
  if (isUnanswered) return 'Nobody answered in time, so this call was not made.';
  return comment === null || comment.trim() === ''
    ? 'The person declined this call.'
    : `The person declined this call, and says: ${comment}`;
}
