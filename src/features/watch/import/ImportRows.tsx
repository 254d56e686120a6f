'use client';

import type { ImportPreview, ImportRow } from '@everbeat/domain';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Field, FormError, Select } from '@/components/ui/field';
import { formatDuration } from '@/lib/format/duration';
import { WATCH_INTERVALS } from '../quickWatchSchema';

const FORMAT_LABELS: Record<ImportPreview['format'], string> = {
  everbeat: 'an export of Everbeat',
  changedetection: 'a backup of changedetection.io',
  urlwatch: 'the jobs of urlwatch',
  opml: 'the subscriptions of a feed reader',
  list: 'a list of addresses',
};

const SHOWN_AT_ONCE = 200;

interface ImportRowsProps {
  preview: ImportPreview;
  isImporting: boolean;
  importedCount: number;
  problem: string | null;
  onImport: (rows: number[], everySeconds: number) => void;
  onBack: () => void;
}

/** What a file holds, watch by watch, to choose from. What is watched already is not chosen at first. */
export function ImportRows({
  preview,
  isImporting,
  importedCount,
  problem,
  onImport,
  onBack,
}: ImportRowsProps) {
  const { rows, format } = preview;
  const possible = rows.filter((row) => row.problem === null);
  const [chosen, setChosen] = useState(
    () => new Set(possible.filter(({ duplicate }) => duplicate === null).map(({ row }) => row)),
  );
  const [everySeconds, setEverySeconds] = useState(3_600);
  const [shownCount, setShownCount] = useState(SHOWN_AT_ONCE);
  const choose = (row: number, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(row);
    else next.delete(row);
    setChosen(next);
  };
  const isNeeded = possible.some((row) => row.intervalSeconds === null && row.schedule === null);
  const label = `Import ${chosen.size} ${chosen.size === 1 ? 'watch' : 'watches'}`;
  return (
    <div className="space-y-5">
      <p role="status">
        This is {FORMAT_LABELS[format]} with {rows.length} {rows.length === 1 ? 'watch' : 'watches'}.{' '}
        {rows.length > possible.length && `${rows.length - possible.length} cannot be imported. `}
        {summaryOf(possible)}
      </p>
      <div className="flex flex-wrap items-end gap-3">
        {isNeeded && (
          <Field label="Check those without an interval" className="w-56">
            <Select value={everySeconds} onChange={({ target }) => setEverySeconds(Number(target.value))}>
              {WATCH_INTERVALS.map(({ seconds, label: text }) => (
                <option key={seconds} value={seconds}>
                  {text}
                </option>
              ))}
            </Select>
          </Field>
        )}
        <Button onClick={() => setChosen(new Set(possible.map(({ row }) => row)))}>Choose all</Button>
        <Button onClick={() => setChosen(new Set())}>Choose none</Button>
      </div>
      <ul aria-label="Watches in the file" className="divide-y overflow-hidden rounded-2xl border bg-surface">
        {rows.slice(0, shownCount).map((row) => (
          <Row key={row.row} row={row} isChosen={chosen.has(row.row)} onChoose={choose} />
        ))}
      </ul>
      {rows.length > shownCount && (
        <Button onClick={() => setShownCount(shownCount + SHOWN_AT_ONCE)}>
          Show more ({rows.length - shownCount} are not shown)
        </Button>
      )}
      {problem !== null && <FormError>{problem}</FormError>}
      <div className="flex flex-wrap items-center gap-3">
        <Button
          variant="primary"
          disabled={chosen.size === 0}
          busy={isImporting}
          onClick={() =>
            onImport(
              [...chosen].toSorted((a, b) => a - b),
              everySeconds,
            )
          }
        >
          {isImporting ? `Importing… ${importedCount} of ${chosen.size}` : label}
        </Button>
        <Button variant="ghost" disabled={isImporting} onClick={onBack}>
          Choose another file
        </Button>
      </div>
    </div>
  );
}

function summaryOf(possible: readonly ImportRow[]): string {
  const known = possible.filter(({ duplicate }) => duplicate !== null).length;
  if (known === 0) return '';
  if (known === possible.length) return 'All of them are watched already, so none is chosen.';
  return `${known} ${known === 1 ? 'is' : 'are'} watched already, and not chosen.`;
}

interface RowProps {
  row: ImportRow;
  isChosen: boolean;
  onChoose: (row: number, isChosen: boolean) => void;
}

function Row({ row, isChosen, onChoose }: RowProps) {
  const { name, url, problem, duplicate, isPaused, carried, leftOut } = row;
  return (
    <li className="px-4 py-3 sm:px-5">
      <label className="flex items-start gap-3">
        <input
          type="checkbox"
          className="mt-1 size-4 accent-accent"
          checked={isChosen}
          disabled={problem !== null}
          onChange={({ target }) => onChoose(row.row, target.checked)}
        />
        <span className="min-w-0 flex-1">
          <span className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <span className="font-medium wrap-anywhere">{name ?? url}</span>
            {problem !== null && <Badge tone="danger">Cannot be imported</Badge>}
            {duplicate !== null && <Badge tone="warn">{duplicateText(duplicate)}</Badge>}
            {isPaused && <Badge>Paused</Badge>}
          </span>
          {name !== null && <span className="block text-[0.8125rem] text-muted wrap-anywhere">{url}</span>}
          <span className="block text-[0.8125rem] text-muted">{ruleText(row)}</span>
        </span>
      </label>
      <div className="ml-7 space-y-1 text-[0.8125rem] wrap-anywhere">
        {problem !== null && <p className="text-danger">{problem}</p>}
        {carried.length > 0 && <Notes label="Carried over" notes={carried} />}
        {leftOut.length > 0 && <Notes label="Not carried over" notes={leftOut} isOpen />}
      </div>
    </li>
  );
}

function Notes({
  label,
  notes,
  isOpen = false,
}: {
  label: string;
  notes: readonly string[];
  isOpen?: boolean;
}) {
  return (
    <details open={isOpen} className="text-muted">
      <summary className="w-fit cursor-pointer rounded-md hover:text-ink">
        {label} ({notes.length})
      </summary>
      <ul className="mt-1 list-disc pl-5">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}

const duplicateText = (duplicate: NonNullable<ImportRow['duplicate']>): string =>
  'row' in duplicate ? 'Twice in this file' : `Watched by ${duplicate.identifier}`;

function ruleText({ intervalSeconds, schedule, problem }: ImportRow): string {
  if (problem !== null) return '';
  if (schedule !== null) return `Schedule ${schedule.pattern} (${schedule.timezone})`;
  return intervalSeconds === null ? 'No interval' : `Every ${formatDuration(intervalSeconds)}`;
}
