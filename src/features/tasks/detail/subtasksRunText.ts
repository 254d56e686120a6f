import type { NotReadyTasksView } from '@everbeat/domain';
import { notReadyText } from '@/lib/notReadyText';

interface Counts {
  started: number;
  waiting: number;
  alreadyRunning: number;
  refused: number;
  notReady: NotReadyTasksView[];
  more: boolean;
}

/** What a person reads after "Run all parts". */
export function subtasksRunText({
  started,
  waiting,
  alreadyRunning,
  refused,
  notReady,
  more,
}: Counts): string {
  const texts = [
    started > 0 ? `${started} ${started === 1 ? 'part was' : 'parts were'} started.` : 'No part was started.',
    waiting > 0
      ? waiting === 1
        ? '1 waits for others, and then starts by itself.'
        : `${waiting} wait for others, and then start by themselves.`
      : null,
    alreadyRunning > 0 ? `${alreadyRunning} ${alreadyRunning === 1 ? 'was' : 'were'} running already.` : null,
    refused > 0 ? `${refused} could not be started: open them to see why.` : null,
    notReadyText(notReady),
    more ? 'There are more: choose it again.' : null,
  ];
  return texts.filter((text) => text !== null).join(' ');
}
