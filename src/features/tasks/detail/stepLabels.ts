import type { StepStatus, StepView } from '@everbeat/domain';
import { CircleAlert, CircleCheck, CircleHelp, Hand, HeartPulse, ThumbsDown } from 'lucide-react';
import type { BadgeLabel } from '@/components/ui/badge';
import { formatMilliseconds } from '@/lib/format/duration';
import { formatUsd } from '@/lib/format/money';

export const STEP_LABELS: Record<StepStatus, BadgeLabel> = {
  started: { label: 'Running', icon: HeartPulse, tone: 'accent' },
  done: { label: 'Done', icon: CircleCheck, tone: 'neutral' },
  failed: { label: 'Failed', icon: CircleAlert, tone: 'danger' },
  unknown: { label: 'Outcome unknown', icon: CircleHelp, tone: 'warn' },
  waiting: { label: 'Waiting for you', icon: Hand, tone: 'warn' },
  declined: { label: 'Not called', icon: ThumbsDown, tone: 'warn' },
};

interface Cost {
  usage: { inputTokens?: number | null; outputTokens?: number | null } | null;
  costUsd: number | null;
}

/** "1,200 + 80 tokens, $0.004". Null for a step that costs nothing. */
export function costText({ usage, costUsd }: Cost): string | null {
  const { inputTokens, outputTokens } = usage ?? {};
  // A call that failed before it was answered has used nothing.
  const tokens =
    (inputTokens ?? 0) + (outputTokens ?? 0) === 0
      ? null
      : `${count(inputTokens)} + ${count(outputTokens)} tokens`;
  const cost = costUsd === null ? null : formatUsd(costUsd);
  return [tokens, cost].filter((part) => part !== null).join(', ') || null;
}

const count = (tokens?: number | null): string => (tokens ?? 0).toLocaleString('en');

/** How long a step was executed; what it waited for a person is left out. Null while it is executed. */
export function tookMs({ startedAt, endedAt, answer }: StepView): number | null {
  if (endedAt === null) return null;
  return Math.max(0, endedAt.getTime() - (answer?.at ?? startedAt).getTime());
}

const ANSWER_TEXTS: Readonly<Record<string, string>> = {
  approve: 'Approved',
  always: 'Approved, always for this task',
  decline: 'Declined',
};

/** "Approved after 3 minutes: “Go ahead”". Null where nobody was asked, or it still waits. */
export function answerText({ answer, startedAt }: Pick<StepView, 'answer' | 'startedAt'>): string | null {
  if (answer === null) return null;
  const waited = formatMilliseconds(answer.at.getTime() - startedAt.getTime());
  if (answer.isUnanswered) return `Nobody answered within ${waited}`;
  const said = answer.comment === null ? '' : `: “${answer.comment}”`;
  return `${ANSWER_TEXTS[answer.action] ?? 'Answered'} after ${waited}${said}`;
}

/** Of long lists, the beginning, the end, and whatever is not simply done. */
const SHOWN_FIRST = 3;
const SHOWN_LAST = 7;
const LIST_MAX = 15;

/**
 * A part of the list: steps that are shown, or the number of those that are folded away between two of them.
 */
export type StepPart = { step: StepView } | { folded: number; after: number };

/** The list with its uneventful middle folded away. */
export function foldSteps(steps: readonly StepView[]): StepPart[] {
  if (steps.length <= LIST_MAX) return steps.map((step) => ({ step }));
  const parts: StepPart[] = [];
  for (const [place, step] of steps.entries()) {
    const last = parts.at(-1);
    const isShown =
      place < SHOWN_FIRST ||
      place >= steps.length - SHOWN_LAST ||
      step.status !== 'done' ||
      step.answer !== null;
    if (isShown) parts.push({ step });
    else if (last !== undefined && 'folded' in last) last.folded += 1;
    else parts.push({ folded: 1, after: place });
  }
  return parts;
}
