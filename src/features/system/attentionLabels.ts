import type { TaskAttention } from '@everbeat/domain';

/** What tasks need a person for, as a filter of the list. */
export const ATTENTION_LABELS: Record<TaskAttention, string> = {
  'needs-person': 'Stopped until you act',
  fuse: 'Paused after failures',
  failing: 'Failing now',
  decision: 'Waiting for an answer',
  provider: 'Waiting for a provider',
};
