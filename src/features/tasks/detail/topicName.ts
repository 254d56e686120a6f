import type { TopicView, Trigger } from '@everbeat/domain';

export const TRIGGER_LABELS: Record<Trigger, string> = {
  manual: 'started by you',
  heartbeat: 'started by its heartbeat',
  schedule: 'started by its schedule',
  brief: 'started by your answer to a brief',
  dependency: 'started when the tasks it waited for were completed',
};

/** The title the agent gave, or how the run came to be. */
export const topicName = (topic: TopicView): string => topic.title ?? `Run ${TRIGGER_LABELS[topic.trigger]}`;
