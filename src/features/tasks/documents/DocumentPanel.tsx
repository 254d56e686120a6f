'use client';

import { type DocumentHead, LIMITS, MEMORY_DOCUMENT } from '@everbeat/domain';
import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Download, FileX2, History, Pencil } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Markdown } from '@/components/ui/markdown';
import { EmptyState, ErrorState, ListSkeleton } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc/client';
import { isNotFound } from '@/lib/trpc/errors';
import { DocumentDialog, VersionsDialog } from './dialogs';
import { documentLine } from './documentLabels';
import { downloadDocument } from './downloadDocument';

interface DocumentPanelProps {
  taskId: string;
  name: string;
  /** What the page knows of it; undefined while there is no such document. */
  head: DocumentHead | undefined;
  onBack: () => void;
}

export function DocumentPanel({ taskId, name, head, onBack }: DocumentPanelProps) {
  const trpc = useTRPC();
  const [dialog, setDialog] = useState<'edit' | 'versions' | null>(null);
  const query = useQuery(trpc.document.get.queryOptions({ taskId, name }));
  const { data: document, error } = query;
  const close = (isOpen: boolean) => !isOpen && setDialog(null);
  return (
    <div className="space-y-4">
      <Button variant="ghost" size="small" className="-ml-2.5" onClick={onBack}>
        <ArrowLeft aria-hidden /> All documents
      </Button>
      {document === undefined && error === null && <ListSkeleton rows={1} rowClass="h-48" />}
      {isNotFound(error) && (
        <EmptyState icon={<FileX2 aria-hidden />} title={`There is no document “${name}”`}>
          It has not been written yet.
        </EmptyState>
      )}
      {error !== null && !isNotFound(error) && document === undefined && (
        <ErrorState title="The document could not be loaded" error={error} onRetry={() => query.refetch()} />
      )}
      {document !== undefined && (
        <article aria-labelledby="document" className="space-y-4">
          <div className="flex flex-wrap items-start justify-between gap-3">
            <div className="min-w-0">
              <h3 id="document" className="text-lg font-semibold wrap-anywhere">
                {document.name}
              </h3>
              <p className="text-[0.8125rem] text-muted">
                {documentLine(document)} · <RelativeTime at={document.updatedAt} />
              </p>
            </div>
            <div className="flex flex-wrap gap-2">
              <Button size="small" onClick={() => setDialog('edit')}>
                <Pencil aria-hidden /> Edit text
              </Button>
              <Button size="small" onClick={() => setDialog('versions')}>
                <History aria-hidden /> Versions
              </Button>
              <Button size="small" onClick={() => downloadDocument(document)}>
                <Download aria-hidden /> Download
              </Button>
            </div>
          </div>
          {document.name === MEMORY_DOCUMENT && <MemoryNote length={document.content.length} />}
          <div className="rounded-2xl border bg-surface p-4 sm:p-5">
            {document.content.trim() === '' ? (
              <p className="text-sm text-muted">This document is empty.</p>
            ) : (
              <Markdown text={document.content} />
            )}
          </div>
          <DocumentDialog
            taskId={taskId}
            name={name}
            base={document}
            open={dialog === 'edit'}
            onOpenChange={close}
          />
          <VersionsDialog
            taskId={taskId}
            name={name}
            newest={Math.max(document.version, head?.version ?? 0)}
            open={dialog === 'versions'}
            onOpenChange={close}
          />
        </article>
      )}
    </div>
  );
}

function MemoryNote({ length }: { length: number }) {
  const charsMax = LIMITS.memoryDocumentCharsMax;
  return (
    <p className="text-sm text-muted">
      {length > charsMax
        ? `Every run reads the first ${charsMax.toLocaleString('en')} characters of it; the rest is left out.`
        : 'Every run reads it. The agent and you write it.'}
    </p>
  );
}
