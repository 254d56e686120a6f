import type { TopicView, Trigger } from '@everbeat/domain';

export const TRIGGER_LABELS: Record<Trigger, string> = {
  manual: 'started by you',
  heartbeat: 'woken by its heartbeat',
  schedule: 'woken by its schedule',
  brief: 'woken by your answer to a brief',
  dependency: 'woken because what it waited for is done',
};

/** The title the agent gave, or how the run came to be. */
export const topicName = (topic: TopicView): string => topic.title ?? `Run ${TRIGGER_LABELS[topic.trigger]}`;
