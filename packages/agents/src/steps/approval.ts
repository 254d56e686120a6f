import { type ApprovalAnswer, actionsOf, type BriefActionView, LIMITS, storableText } from '@everbeat/domain';
import type { RunStep, StepQuestion } from '../port';
import { escapeMarkdown, fenced } from '../shared/markdown';
import type { AgentTool } from '../tools/port';

const ARGUMENTS_CHARS_MAX = 8_000;

/**
 * What the person is asked about a step that waits for them: what its tool asks, or whether it may be called at all.
 */
export function questionOf(step: RunStep, tools: readonly AgentTool[], taskIdentifier: string): StepQuestion {
  const asks = tools.find(({ name }) => name === step.name)?.asks;
  if (asks === undefined) return approvalOf(step, taskIdentifier);
  return { index: step.index, ...asks.question(step.input, taskIdentifier) };
}

/**
 * What the person is asked before a call of a tool: the tool and its arguments, as the model wrote them, where nothing
 * in them can look like a part of the question.
 */
function approvalOf({ index, name, input }: RunStep, taskIdentifier: string): StepQuestion {
  const written = storableText(JSON.stringify(input, null, 2) ?? '', ARGUMENTS_CHARS_MAX);
  return {
    index,
    title: storableText(`${taskIdentifier} asks: may it call ${name}?`, LIMITS.briefTitleCharsMax),
    summary: `**${escapeMarkdown(name)}** would be called with:\n\n${fenced(written, 'json')}\n\nThe run waits for your answer, at most ${LIMITS.approvalDays} days. Whatever you write when you decline is told to the agent.`,
    actions: approvalActions(name),
  };
}

/** `always` adds the tool to what the task lets its agent call. */
function approvalActions(tool: string): BriefActionView[] {
  const [always] = actionsOf('always');
  return [
    { key: 'approve', label: 'Approve once' },
    ...(always === undefined ? [] : [{ ...always, adds: { allowedTools: [tool] } }]),
    { key: 'decline', label: 'Decline' },
  ];
}

/** What the model reads of a call that the person has declined. */
export const declined = ({ comment }: ApprovalAnswer): string =>
  comment === null || comment.trim() === ''
    ? 'The person declined this call.'
    : `The person declined this call, and says: ${comment}`;
