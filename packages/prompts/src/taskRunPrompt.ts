import { LIMITS } from '@everbeat/domain';
import { type Block, type Fence, fenceFor } from './fence';
import { fit, SEPARATOR } from './fit';
import { historySections } from './history';
import type { TaskPromptContext, TaskRunPromptInput } from './input';
import { ownName } from './ownName';
import { textsOf } from './section';
import { instructionLabel, preamble, REWORK_TEXT, reportText, startText } from './systemText';
import { cleanCut, safeIdentifier } from './untrusted';

/**
 * Increment with every change of the wording or the order, so that prompts of different versions can be told
 * apart.
 */
export const PROMPT_VERSION = 'task-run/4';

/** Fits an instruction and an extra prompt at their limits, and about as much history. */
export const PROMPT_TOKENS_MAX = 36_000;

export interface TaskRunPrompt {
  version: string;
  text: string;
  /** Marks the fences of this prompt. */
  boundary: string;
  /**
   * The lines that say what was left out because of the size limit, one per section. Empty when nothing was.
   */
  truncated: string[];
}

/**
 * Builds the prompt of one run. The same input gives the same text. It never exceeds `maxTokens`: the
 * system's text, the instruction and the extra prompt are included in full (up to their limits in LIMITS);
 * the sections of the history share the remaining space, newest entries first.
 * @throws AppError `limit-reached` when `maxTokens` is too small for what must be included in full
 */
export function buildTaskRunPrompt(input: TaskRunPromptInput): TaskRunPrompt {
  const sections = historySections(input);
  const own = ownBlocks(input);
  const found = foundBlocks(input);
  const fence = fenceFor([...[...own, ...found].map((block) => block.text), ...sections.flatMap(textsOf)]);
  const head = [
    preamble(fence.boundary, input.task.instructionAuthor),
    taskPart(input, own, fence),
    `## Why this run started\n${startText(input)}`,
    ...(found.length === 0
      ? []
      : [['## What its check found missing', REWORK_TEXT, ...found.map(fence.wrap)].join('\n')]),
  ];
  const tail = [`## Your report\n${reportText(input.reporting)}`];
  const rendered = fit(sections, fence, [...head, ...tail], input.maxTokens ?? PROMPT_TOKENS_MAX);
  return {
    version: PROMPT_VERSION,
    boundary: fence.boundary,
    text: [...head, ...rendered.map(({ text }) => text), ...tail].join(SEPARATOR),
    truncated: rendered.flatMap(({ leftOut }) => leftOut ?? []),
  };
}

/** Every text that a prompt of this input has in its blocks, before any is shortened. */
export const promptTexts = (
  input: Pick<TaskRunPromptInput, 'task' | 'extraPrompt'> & TaskPromptContext,
): string[] => [...ownBlocks(input).map((block) => block.text), ...historySections(input).flatMap(textsOf)];

function ownBlocks({ task, extraPrompt }: Pick<TaskRunPromptInput, 'task' | 'extraPrompt'>): Block[] {
  const blocks = [
    { label: 'name of the task', text: ownName(task) },
    {
      label: instructionLabel(task.instructionAuthor),
      text: cleanCut(task.instruction, LIMITS.instructionCharsMax),
    },
    { label: 'extra prompt of this run', text: cleanCut(extraPrompt ?? '', LIMITS.promptCharsMax) },
  ];
  return blocks.filter(({ text }) => text !== '');
}

/** What has to be fulfilled, and what the reviewer found. */
function foundBlocks({ review }: Pick<TaskRunPromptInput, 'review'>): Block[] {
  if (review === undefined) return [];
  const { requirement, verdict, reasons, iteration } = review;
  return [
    { label: FOUND.requirement, text: cleanCut(requirement, LIMITS.requirementCharsMax) },
    {
      label: `${FOUND.reasons}, try ${iteration}, ${verdict ?? 'not made'}`,
      text: reasons.map((reason) => `- ${cleanCut(reason, LIMITS.reviewReasonCharsMax)}`).join('\n'),
    },
  ].filter(({ text }) => text !== '');
}

const FOUND = { requirement: 'requirement of the check', reasons: 'reasons of the reviewer' } as const;

const taskPart = ({ task }: TaskRunPromptInput, own: readonly Block[], fence: Fence): string =>
  [`## Your task, ${safeIdentifier(task.identifier)}`, ...own.map(fence.wrap)].join('\n');
