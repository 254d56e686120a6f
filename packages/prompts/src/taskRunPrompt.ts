import { AppError, LIMITS } from '@everbeat/domain';
import { CHARS_PER_TOKEN, shareFairly } from './budget';
import { type Block, type Fence, fenceFor } from './fence';
import { historySections } from './history';
import type { TaskPromptContext, TaskRunPromptInput } from './input';
import {
  type RenderedSection,
  renderSection,
  renderWhole,
  type Section,
  stubChars,
  textsOf,
} from './section';
import { preamble, reportText, startText } from './systemText';
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

const SEPARATOR = '\n\n';

/**
 * Builds the prompt of one run. The same input gives the same text. It never exceeds `maxTokens`: the
 * system's text, the instruction and the extra prompt are included in full (up to their limits in LIMITS);
 * the sections of the history share the remaining space, newest entries first.
 * @throws AppError `limit-reached` when `maxTokens` is too small for what must be included in full
 */
export function buildTaskRunPrompt(input: TaskRunPromptInput): TaskRunPrompt {
  const sections = historySections(input);
  const own = ownBlocks(input);
  const fence = fenceFor([...own.map((block) => block.text), ...sections.flatMap(textsOf)]);
  const head = [
    preamble(fence.boundary),
    taskPart(input, own, fence),
    `## Why this run started\n${startText(input)}`,
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
    { label: 'name of the task', text: cleanCut(task.name, LIMITS.nameCharsMax) },
    { label: 'instruction', text: cleanCut(task.instruction, LIMITS.instructionCharsMax) },
    { label: 'extra prompt of this run', text: cleanCut(extraPrompt ?? '', LIMITS.promptCharsMax) },
  ];
  return blocks.filter(({ text }) => text !== '');
}

const taskPart = ({ task }: TaskRunPromptInput, own: readonly Block[], fence: Fence): string =>
  [`## Your task, ${safeIdentifier(task.identifier)}`, ...own.map(fence.wrap)].join('\n');

function fit(
  sections: readonly Section[],
  fence: Fence,
  fixed: readonly string[],
  maxTokens: number,
): RenderedSection[] {
  const stubs = sections.map((section) => stubChars(section));
  const parts = fixed.length + sections.length;
  const required = fixed.join('').length + sum(stubs) + (parts - 1) * SEPARATOR.length;
  const available = maxTokens * CHARS_PER_TOKEN - required;
  if (available < 0) {
    const tokens = Math.ceil(required / CHARS_PER_TOKEN);
    throw new AppError(
      'limit-reached',
      `The prompt needs about ${tokens} tokens and may have ${maxTokens}; shorten the instruction`,
    );
  }
  const demands = sections.map((section, index) => ({
    need: Math.max(0, renderWhole(section, fence).text.length - (stubs[index] ?? 0)),
    weight: section.weight,
  }));
  const shares = shareFairly(demands, available);
  return sections.map((section, index) =>
    renderSection(section, fence, (stubs[index] ?? 0) + (shares[index] ?? 0)),
  );
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
