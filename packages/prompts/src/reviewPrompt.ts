import { LIMITS, type ReviewResult, type StepStatus } from '@everbeat/domain';
import { type Block, fenceFor } from './fence';
import { fit } from './fit';
import { ownName } from './ownName';
import { type Section, textsOf } from './section';
import { REVIEW_ANSWER, reviewPreamble } from './systemText';
import { cleanCut, cleanText, quoted, safeIdentifier } from './untrusted';

/** Work that a run has handed in, as its reviewer reads it (PROTOCOL §4.4). */
export interface ReviewPromptInput {
  task: { identifier: string; name: string; instruction: string };
  requirement: string;
  iteration: number;
  maxIterations: number;
  /** The run says that the goal of the whole task is met. */
  saysGoalMet: boolean;
  report: string;
  documents: readonly { name: string; version: number; content: string }[];
  /** What the run is known to have done, in order. */
  steps: readonly { name: string; status: StepStatus; input: string; output: string }[];
  /** Whether its agent leaves steps at all. */
  keepsSteps: boolean;
  /** The checks of earlier tries, oldest first. */
  earlier: readonly ReviewResult[];
}

/** Fits a long report and its documents; what does not fit is shortened. */
const REVIEW_TOKENS_MAX = 36_000;

/** Builds the prompt of a reviewer. The same input gives the same text. */
export function buildReviewPrompt(input: ReviewPromptInput): string {
  const sections = sectionsOf(input);
  const own = ownBlocks(input);
  const fence = fenceFor([...own.map(({ text }) => text), ...sections.flatMap(textsOf)]);
  const head = [
    reviewPreamble(fence.boundary),
    [`## The work of ${safeIdentifier(input.task.identifier)}`, ...own.map(fence.wrap)].join('\n'),
    `## How it was handed in\n${situation(input)}`,
  ];
  const tail = [`## Your answer\n${REVIEW_ANSWER}`];
  const rendered = fit(sections, fence, [...head, ...tail], REVIEW_TOKENS_MAX);
  return [...head, ...rendered.map(({ text }) => text), ...tail].join('\n\n');
}

function ownBlocks({ task, requirement }: ReviewPromptInput): Block[] {
  return [
    { label: 'requirement', text: cleanCut(requirement, LIMITS.requirementCharsMax) },
    { label: 'name of the task', text: ownName(task) },
    {
      label: 'instruction that the agent was given',
      text: cleanCut(task.instruction, LIMITS.instructionCharsMax),
    },
  ].filter(({ text }) => text !== '');
}

/** In words of the system, because the work would say it in its own way. */
function situation({ iteration, maxIterations, saysGoalMet, ...work }: ReviewPromptInput): string {
  const lines = [
    `- It is handed in for the ${ordinal(iteration)} time, of at most ${maxIterations} before the person is asked.`,
    `- ${traceText(work)}`,
  ];
  if (saysGoalMet) lines.push('- The run says that the goal of the whole task is met.');
  if (work.documents.length === 0) lines.push('- No document of the task was written.');
  return lines.join('\n');
}

function traceText({ steps, keepsSteps }: Pick<ReviewPromptInput, 'steps' | 'keepsSteps'>): string {
  const done = steps.filter(({ status }) => status === 'done').length;
  if (done > 0) return `The run is known to have made ${steps.length} steps, ${done} of them with a result.`;
  return keepsSteps
    ? 'The run says that it is done, but it has called no tool with a result: its steps show no trace of the work. What it claims to have done in the world, it cannot have done.'
    : 'The agent of this task leaves no steps, so nothing but its own words and the documents shows what it has done.';
}

const ORDINALS = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const ordinal = (count: number): string => ORDINALS[count - 1] ?? 'next';

function sectionsOf({ report, documents, steps, earlier }: ReviewPromptInput): Section[] {
  const sections: Section[] = [
    blocks('The report of the run', 'report', 5, [[{ label: 'report', text: cleanText(report) }]]),
    blocks(
      'The documents that it wrote, as they are now',
      'document',
      4,
      documents.map(({ name, version, content }) => [
        {
          label: `document, version ${version}, with its name on the first line`,
          text: `${cleanCut(name, LIMITS.documentNameCharsMax)}\n\n${cleanText(content)}`,
        },
      ]),
    ),
    {
      heading: 'The steps of the run, in order',
      noun: { one: 'step', many: 'steps' },
      weight: 3,
      total: steps.length,
      totalIsFloor: false,
      body: { kind: 'lines', label: 'steps', lines: steps.map(stepLine) },
    },
    blocks(
      'What was found missing in earlier tries',
      'try',
      2,
      earlier.map(({ iteration, verdict, reasons }) => [
        { label: `check of try ${iteration}, ${verdict ?? 'not made'}`, text: cleanText(reasons.join('\n')) },
      ]),
    ),
  ];
  return sections.filter(({ total }) => total > 0);
}

const stepLine = (
  { name, status, input, output }: ReviewPromptInput['steps'][number],
  index: number,
): string =>
  `${index + 1}. ${quoted(name, LIMITS.toolNameCharsMax)} ${status}, with ${quoted(input, 400)}, answered ${quoted(output, 600)}`;

function blocks(heading: string, one: string, weight: number, entries: [Block][]): Section {
  return {
    heading,
    noun: { one, many: one === 'try' ? 'tries' : `${one}s` },
    weight,
    total: entries.length,
    totalIsFloor: false,
    body: { kind: 'blocks', entries, order: 'newest-first' },
  };
}
