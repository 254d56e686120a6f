'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { PageHeader } from '@/components/ui/pageHeader';
import { PulseSummary } from '@/features/system/PulseSummary';
import { useTRPC } from '@/lib/trpc/client';
import { Inbox } from './Inbox';
import { useInboxCounts } from './useInboxCounts';

const FirstWatch = dynamic(() => import('@/features/watch/FirstWatch').then((module) => module.FirstWatch));
const QuickWatchForm = dynamic(() =>
  import('@/features/watch/QuickWatchForm').then((module) => module.QuickWatchForm),
);

/** Whether nothing was ever set up here: there is neither a task nor anything that one has left. */
function useIsNew(): boolean {
  const trpc = useTRPC();
  const tasks = useQuery(trpc.task.list.queryOptions({ limit: 1 }));
  const counts = useInboxCounts();
  return tasks.data?.items.length === 0 && counts.data?.waiting === 0 && counts.data.unread === 0;
}

export function InboxPage() {
  const isNew = useIsNew();
  const [watches, setWatches] = useState(false);
  return (
    <>
      <PageHeader
        title="Inbox"
        lead={<PulseSummary />}
        actions={
          !isNew && (
            <Button aria-expanded={watches} onClick={() => setWatches(!watches)}>
              <Plus aria-hidden /> Watch another page
            </Button>
          )
        }
      />
      {isNew && <FirstWatch />}
      {!isNew && watches && (
        <div className="mb-6 rounded-2xl border bg-surface p-4 sm:p-5">
          <QuickWatchForm />
        </div>
      )}
      {!isNew && <Inbox />}
    </>
  );
}
