'use client';

import type { ImportedTask } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Download } from 'lucide-react';
import { useState } from 'react';
import { PageHeader } from '@/components/ui/pageHeader';
import { ImportDone } from './ImportDone';
import { ImportRows } from './ImportRows';
import { ImportSource } from './ImportSource';
import { EXPORTS, explainFile, importFile, previewFile } from './watchFiles';

function Exports() {
  return (
    <section aria-labelledby="export" className="mt-10 border-t pt-6">
      <h2 id="export" className="font-medium">
        Export
      </h2>
      <p className="mt-1 text-sm text-muted">
        The values of headers and cookies are secrets and are left out. The JSON can be imported again.
      </p>
      <ul className="mt-3 flex flex-wrap gap-x-5 gap-y-2 text-sm">
        {EXPORTS.map(({ href, label }) => (
          <li key={href}>
            <a
              href={href}
              download
              className="inline-flex items-center gap-1.5 text-accent underline underline-offset-2"
            >
              <Download aria-hidden className="size-4" /> {label}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Takes watches over from a list, from other programs, or from an export of Everbeat. */
export function ImportPage() {
  const [file, setFile] = useState<Blob | null>(null);
  const [created, setCreated] = useState<readonly ImportedTask[]>([]);
  const preview = useMutation({ mutationFn: previewFile, onMutate: setFile, meta: { refresh: false } });
  const importing = useMutation({ mutationFn: importFile });
  const startOver = () => {
    setCreated([]);
    preview.reset();
    importing.reset();
  };
  const isDone = importing.isSuccess || (importing.isError && created.length > 0);
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title="Import watches"
        lead="From a list of addresses, a feed reader (OPML), changedetection.io, urlwatch, or Everbeat."
      />
      {isDone && (
        <ImportDone
          tasks={created}
          problem={importing.isError ? explainFile(importing.error) : null}
          onStartOver={startOver}
        />
      )}
      {!isDone && preview.isSuccess && file !== null && (
        <ImportRows
          preview={preview.data}
          isImporting={importing.isPending}
          importedCount={created.length}
          problem={importing.isError ? explainFile(importing.error) : null}
          onImport={(rows, everySeconds) =>
            importing.mutate({ file, rows, everySeconds, onProgress: setCreated })
          }
          onBack={startOver}
        />
      )}
      {!isDone && !preview.isSuccess && (
        <ImportSource
          isReading={preview.isPending}
          problem={preview.isError ? explainFile(preview.error) : null}
          onFile={(chosen) => preview.mutate(chosen)}
        />
      )}
      <Exports />
    </div>
  );
}
