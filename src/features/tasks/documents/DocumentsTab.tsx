'use client';

import { type DocumentHead, LIMITS, MEMORY_DOCUMENT, type TaskDetailView } from '@everbeat/domain';
import { BrainCircuit, FilePlus2, FileText } from 'lucide-react';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { EmptyState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { DocumentPanel } from './DocumentPanel';
import { DocumentDialog } from './dialogs';
import { documentLine } from './documentLabels';

function Row({ document, onOpen }: { document: DocumentHead; onOpen: () => void }) {
  const { name, updatedAt } = document;
  const Icon = name === MEMORY_DOCUMENT ? BrainCircuit : FileText;
  return (
    <li>
      <button
        type="button"
        onClick={onOpen}
        className="flex w-full items-start gap-3 rounded-lg px-2 py-3 text-left hover:bg-sunken"
      >
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-muted" />
        <span className="min-w-0 flex-1">
          <span className="block font-medium wrap-anywhere">{name}</span>
          <span className="block text-[0.8125rem] text-muted">
            {documentLine(document)}
            {name === MEMORY_DOCUMENT && ' · every run reads it'}
          </span>
        </span>
        <RelativeTime at={updatedAt} className="shrink-0 text-[0.8125rem] text-muted" />
      </button>
    </li>
  );
}

/** What is opened for writing: a document of this name, or a new one whose name is still to be chosen. */
type NewDocument = { name: string };

export function DocumentsTab({ task }: { task: TaskDetailView }) {
  const [shown, setShown] = useQueryState('document', parseAsString);
  const [created, setCreated] = useState<NewDocument | null>(null);
  const { documents } = task;
  const hasMemory = documents.some(({ name }) => name === MEMORY_DOCUMENT);
  const open = (name: string | null) => void setShown(name);
  if (shown !== null) {
    const head = documents.find(({ name }) => name === shown);
    return <DocumentPanel key={shown} taskId={task.id} name={shown} head={head} onBack={() => open(null)} />;
  }
  return (
    <div className="space-y-4">
      {documents.length === 0 ? (
        <EmptyState icon={<FileText aria-hidden />} title="No documents yet">
          A document is a text that lasts: a report that the agent keeps up to date, or its memory, which
          every run reads. Agents write documents with their reports, and you can write them here.
        </EmptyState>
      ) : (
        <ul className="divide-y">
          {documents.map((document) => (
            <Row key={document.name} document={document} onOpen={() => open(document.name)} />
          ))}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <Button size="small" onClick={() => setCreated({ name: '' })}>
          <FilePlus2 aria-hidden /> New document
        </Button>
        {!hasMemory && (
          <Button size="small" onClick={() => setCreated({ name: MEMORY_DOCUMENT })}>
            <BrainCircuit aria-hidden /> Write its memory
          </Button>
        )}
        {documents.length >= LIMITS.documentsPerTaskMax && (
          <p className="text-sm text-muted">A task has at most {LIMITS.documentsPerTaskMax} documents.</p>
        )}
      </div>
      <DocumentDialog
        taskId={task.id}
        base={null}
        name={created?.name ?? ''}
        open={created !== null}
        onOpenChange={(isOpen) => !isOpen && setCreated(null)}
        onSaved={({ name }) => open(name)}
      />
    </div>
  );
}
