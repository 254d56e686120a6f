import type { StepStatus, StepView } from '@everbeat/domain';
import { CircleAlert, CircleCheck, CircleHelp, Hand, HeartPulse, ThumbsDown } from 'lucide-react';
import type { BadgeLabel } from '@/components/ui/badge';
import { formatUsd } from '@/lib/format/money';

export const STEP_LABELS: Record<StepStatus, BadgeLabel> = {
  started: { label: 'Running', icon: HeartPulse, tone: 'accent' },
  done: { label: 'Done', icon: CircleCheck, tone: 'neutral' },
  failed: { label: 'Failed', icon: CircleAlert, tone: 'danger' },
  unknown: { label: 'Outcome unknown', icon: CircleHelp, tone: 'warn' },
  waiting: { label: 'Waiting for you', icon: Hand, tone: 'warn' },
  declined: { label: 'Not called', icon: ThumbsDown, tone: 'warn' },
};

/** "1,200 + 80 tokens, $0.004". Null for a step that costs nothing. */
export function costText({ usage, costUsd }: Pick<StepView, 'usage' | 'costUsd'>): string | null {
  const { inputTokens, outputTokens } = usage ?? {};
  const tokens =
    inputTokens === undefined && outputTokens === undefined
      ? null
      : `${count(inputTokens)} + ${count(outputTokens)} tokens`;
  const cost = costUsd === null ? null : formatUsd(costUsd);
  return [tokens, cost].filter((part) => part !== null).join(', ') || null;
}

const count = (tokens = 0): string => tokens.toLocaleString('en');
