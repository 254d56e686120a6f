'use client';

import Link from 'next/link';
import { AutomationLabel } from './AutomationLabel';
import { useWatcher } from './useWatcher';

/** Says which task watches this page already, so that nobody watches it twice by mistake. */
export function AlreadyWatched({ address }: { address: string }) {
  const task = useWatcher(address);
  if (task === undefined) return null;
  return (
    <p role="status" className="rounded-xl bg-warn-soft px-4 py-3 text-sm wrap-anywhere">
      <Link href={`/tasks/${task.identifier}`} className="font-medium underline underline-offset-2">
        {task.identifier} {task.name}
      </Link>{' '}
      watches this page already (<AutomationLabel task={task} />
      ). If you go on, it is watched twice.
    </p>
  );
}
