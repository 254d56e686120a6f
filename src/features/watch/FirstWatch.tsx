import Link from 'next/link';
import { OfferThisDevice } from '@/features/settings/notifications/ThisDevice';
import { NewTaskButton } from '@/features/tasks/form/NewTaskButton';
import { QuickWatch } from './QuickWatch';

const BEAT = 'h90l10-8 8 8h14l6-5 10 22 14-50 10 41 8-8';
const BEATS = 7;

/** Decoration; cropped at both sides where the card is narrower. */
function Trace() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 1200 60"
      fill="none"
      className="h-14 w-full"
      preserveAspectRatio="xMidYMid slice"
    >
      <path
        d={`M0 40${BEAT.repeat(BEATS)}`}
        stroke="var(--color-accent)"
        strokeWidth="2"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** Shown while there are no tasks. */
export function FirstWatch() {
  return (
    <div className="overflow-hidden rounded-2xl border bg-surface">
      <div className="squared-paper border-b py-4">
        <Trace />
      </div>
      <div className="space-y-6 p-6 sm:p-8">
        <div>
          <h2 className="text-xl font-semibold tracking-tight">Start by watching a page</h2>
          <p className="mt-1 text-muted">
            Everbeat checks the page regularly and tells you here when it changes. You need no key and no
            account.
          </p>
        </div>
        <QuickWatch />
        <OfferThisDevice />
        <div className="flex flex-wrap items-center gap-3 border-t pt-5 text-sm text-muted">
          <span>Or create a task for an agent of your own:</span>
          <NewTaskButton variant="outline" />
          <span>
            Or{' '}
            <Link href="/tasks/import" className="text-accent underline underline-offset-2">
              import watches
            </Link>{' '}
            from changedetection.io, urlwatch or a feed reader.
          </span>
        </div>
      </div>
    </div>
  );
}
