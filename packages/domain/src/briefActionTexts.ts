import type { BriefAction } from './status';

/** What the system's own options are called, and what choosing one does. */
export const BRIEF_ACTION_TEXTS: Record<BriefAction, { label: string; meaning: string }> = {
  approve: { label: 'Approve', meaning: 'You agree. The agent is told so.' },
  always: {
    label: 'Always for this task',
    meaning: 'You agree, and to every later call of this tool by this task.',
  },
  decline: { label: 'Decline', meaning: 'You say no. The agent is told so.' },
  feedback: { label: 'Give feedback', meaning: 'You answer in your own words. The agent reads them.' },
  retry: { label: 'Retry now', meaning: 'Runs the task again, and starts to count failures anew.' },
  accept: {
    label: 'Accept as it is',
    meaning: 'The work counts as done, although it did not pass its check.',
  },
  acknowledge: {
    label: 'Done',
    meaning: 'You have seen it, and it needs nothing more. The agent is told so.',
  },
  dismiss: {
    label: 'Dismiss',
    meaning: 'Closes it without an answer. The agent is not told what you think.',
  },
  complete: { label: 'Complete the task', meaning: 'The goal is met. The task does not run again.' },
  continue: { label: 'Go on', meaning: 'The goal is not met yet. The task goes on.' },
  'open-agent': { label: 'Open the agent', meaning: 'Leads to the settings of the agent.' },
  'edit-task': { label: 'Edit the task', meaning: 'Leads to the settings of the task.' },
  'open-models': { label: 'Open the models', meaning: 'Leads to the keys of model providers.' },
  'open-servers': {
    label: 'Open the tool servers',
    meaning: 'Leads to the servers whose tools agents call.',
  },
  'open-channels': {
    label: 'Open the notifications',
    meaning: 'Leads to the channels by which you are told.',
  },
  'open-system': { label: 'Open the system page', meaning: 'Leads to how this server is set up.' },
  start: { label: 'Start anyway', meaning: 'Starts the task without waiting for what has ended.' },
  drop: {
    label: 'Drop the dependency',
    meaning: 'The task no longer depends on what has ended. It starts if it waits for nothing else.',
  },
  keep: { label: 'Keep in the backlog', meaning: 'Nothing starts. You can start each of them later.' },
  raise: { label: 'Raise the cap', meaning: 'Raises the cap for good. The task goes on.' },
  wait: { label: 'Wait', meaning: 'The task goes on once the cap counts from nothing again.' },
  stop: { label: 'Stop the task', meaning: 'The task is paused. You can resume it later.' },
  'keep-rhythm': {
    label: 'Always keep its rhythm',
    meaning: 'The task is never slowed down because nobody looks at it.',
  },
  cancel: { label: 'Cancel the task', meaning: 'The task does not run. You can start it again later.' },
};
