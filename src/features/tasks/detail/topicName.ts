import type { TopicView, Trigger } from '@everbeat/domain';

export const TRIGGER_LABELS: Record<Trigger, string> = {
  manual: 'started by you',
  heartbeat: 'started by its heartbeat',
  schedule: 'started by its schedule',
  brief: 'started by your answer to a brief',
  dependency: 'started when the tasks it waited for were completed',
};

/** The title given by the agent, or else how the run was started. */
export const topicName = (topic: TopicView): string => topic.title ?? `Run ${TRIGGER_LABELS[topic.trigger]}`;
