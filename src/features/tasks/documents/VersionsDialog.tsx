'use client';

import type { DocumentHead } from '@everbeat/domain';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { DisclosureButton } from '@/components/ui/disclosureButton';
import { FormError } from '@/components/ui/field';
import { LoadMore } from '@/components/ui/loadMore';
import { Markdown } from '@/components/ui/markdown';
import type { OpenState } from '@/components/ui/overlay';
import { Segmented } from '@/components/ui/segmented';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { byCursor } from '@/lib/trpc/paging';
import { documentLine } from './documentLabels';
import { TextDiff } from './TextDiff';

interface DocumentRef {
  taskId: string;
  name: string;
}

const VIEWS = [
  { value: 'changes', label: 'Changes' },
  { value: 'text', label: 'Text' },
] as const;

/** One version: what it changed, or its text. `hasOlder`: whether the version before is kept. */
function VersionText({
  document,
  version,
  hasOlder,
}: {
  document: DocumentRef;
  version: number;
  hasOlder: boolean;
}) {
  const trpc = useTRPC();
  const [view, setView] = useState<(typeof VIEWS)[number]['value']>('changes');
  const older = useQuery(
    trpc.document.get.queryOptions({ ...document, version: version - 1 }, { enabled: hasOlder }),
  );
  const shown = useQuery(trpc.document.get.queryOptions({ ...document, version }));
  const error = shown.error ?? older.error;
  if (error !== null) {
    const retry = () => Promise.all([shown.refetch(), older.refetch()]);
    return <ErrorState title="The version could not be loaded" error={error} onRetry={retry} />;
  }
  if (shown.data === undefined || (hasOlder && older.data === undefined)) {
    return <ListSkeleton rows={1} rowClass="h-24" />;
  }
  return (
    <div className="space-y-3 pb-2">
      <Segmented label="Show" value={view} options={VIEWS} onValueChange={setView} />
      {view === 'changes' ? (
        <TextDiff before={older.data?.content ?? ''} after={shown.data.content} />
      ) : (
        <div className="rounded-xl border bg-surface p-4">
          <Markdown text={shown.data.content} />
        </div>
      )}
    </div>
  );
}

interface VersionRowProps {
  document: DocumentRef;
  head: DocumentHead;
  newest: number;
  hasOlder: boolean;
}

function VersionRow({ document, head, newest, hasOlder }: VersionRowProps) {
  const trpc = useTRPC();
  const [isOpen, setOpen] = useState(false);
  const { version } = head;
  const restore = useMutation(
    trpc.document.restore.mutationOptions({
      onSuccess: (saved) => toast.success(`Version ${version} is restored as version ${saved.version}`),
    }),
  );
  return (
    <li className="space-y-2 py-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="min-w-0 text-sm">
          {documentLine(head)} <RelativeTime at={head.updatedAt} className="text-[0.8125rem] text-muted" />
        </p>
        <div className="flex gap-2">
          <DisclosureButton open={isOpen} onOpenChange={setOpen}>
            {isOpen ? 'Hide' : 'Show'}
          </DisclosureButton>
          {version === newest ? (
            <span className="self-center text-[0.8125rem] text-muted">current</span>
          ) : (
            <Button
              size="small"
              busy={restore.isPending}
              onClick={() => restore.mutate({ ...document, version, baseVersion: newest })}
            >
              Restore
            </Button>
          )}
        </div>
      </div>
      {restore.error !== null && <FormError>{messageOf(restore.error)}</FormError>}
      {isOpen && <VersionText document={document} version={version} hasOlder={hasOlder} />}
    </li>
  );
}

function Versions({ newest, ...document }: DocumentRef & { newest: number }) {
  const trpc = useTRPC();
  const versions = useInfiniteQuery(
    trpc.document.history.infiniteQueryOptions({ ...document, withContent: false }, byCursor),
  );
  if (versions.isPending) return <ListSkeleton rows={3} rowClass="h-12" />;
  if (versions.isLoadingError) {
    return (
      <ErrorState
        title="The versions could not be loaded"
        error={versions.error}
        onRetry={() => versions.refetch()}
      />
    );
  }
  const heads = versions.data.pages.flatMap((page) => page.items);
  return (
    <>
      <ul className="divide-y">
        {heads.map((head, index) => (
          <VersionRow
            key={head.version}
            document={document}
            head={head}
            newest={newest}
            hasOlder={index < heads.length - 1 || versions.hasNextPage}
          />
        ))}
      </ul>
      <LoadMore query={versions} which="older" what="versions" />
    </>
  );
}

interface VersionsDialogProps extends OpenState, DocumentRef {
  newest: number;
}

/** The versions of a document that are kept: who wrote each, what it changed, and a way back. */
export function VersionsDialog({ open, onOpenChange, ...document }: VersionsDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={`Versions of ${document.name}`}
      description="To restore a version saves its text as the next one, so nothing is lost."
      className="sm:max-w-3xl"
    >
      <Versions {...document} />
    </Dialog>
  );
}
