import type { FailureClass, OperationStatus, TopicView, Trigger } from '@everbeat/domain';
import { CircleAlert, CircleCheck, Hand, HeartPulse, OctagonX, TimerOff, WalletMinimal } from 'lucide-react';
import type { BadgeLabel } from '@/components/ui/badge';

export const RUN_LABELS: Record<OperationStatus, BadgeLabel> = {
  waiting: { label: 'Waiting for you', icon: Hand, tone: 'warn' },
  running: { label: 'Running', icon: HeartPulse, tone: 'accent' },
  done: { label: 'Done', icon: CircleCheck, tone: 'accent' },
  error: { label: 'Failed', icon: CircleAlert, tone: 'danger' },
  interrupted: { label: 'Stopped', icon: OctagonX, tone: 'warn' },
  budget: { label: 'Out of budget', icon: WalletMinimal, tone: 'warn' },
  timeout: { label: 'Timed out', icon: TimerOff, tone: 'danger' },
};

export const TRIGGER_LABELS: Record<Trigger, string> = {
  manual: 'started by you',
  heartbeat: 'started by itself, after its interval',
  schedule: 'started by its schedule',
  brief: 'started by your answer to a brief',
  dependency: 'started when the tasks it waited for were completed',
  review: 'checked by its reviewer',
  rework: 'started because its check was not passed',
};

/** Why a run failed, and whether that counts. A failure of the agent is told by its message. */
export const FAILURE_LABELS: Record<FailureClass, string | null> = {
  agent: null,
  transient: 'the server that it needs did not answer; not counted as a failure',
  'rate-limit': 'a limit was reached; not counted as a failure',
  'needs-person': 'it cannot run until you have changed something',
  lost: 'the server stopped while it ran; it was run again',
};

/** The title given by the agent, or else how the run was started. */
export const runName = (topic: TopicView): string => topic.title ?? `Run ${TRIGGER_LABELS[topic.trigger]}`;
