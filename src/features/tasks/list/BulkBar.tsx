'use client';

import type { TaskView } from '@everbeat/domain';
import { CirclePlay, Pause } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { concernedBy } from './bulk';
import { useBulk } from './useBulk';

interface BulkBarProps {
  /** All that the list shows. */
  shown: readonly TaskView[];
  selected: readonly TaskView[];
  onSelect: (tasks: readonly TaskView[]) => void;
  onClose: () => void;
}

/** What can be done with the selected tasks. It stays in sight while the list scrolls. */
export function BulkBar({ shown, selected, onSelect, onClose }: BulkBarProps) {
  const bulk = useBulk();
  const pausable = concernedBy('pause', selected).length;
  const resumable = concernedBy('resume', selected).length;
  const isAll = selected.length === shown.length;
  return (
    <div
      role="toolbar"
      aria-label="Selected tasks"
      className="sticky top-16 z-20 flex flex-wrap items-center gap-2 rounded-xl border bg-paper px-3 py-2 shadow-sm lg:top-2"
    >
      <span role="status" className="mr-auto text-sm tabular-nums">
        {selected.length === 0 ? 'Choose tasks' : `${selected.length} selected`}
      </span>
      <Button size="small" onClick={() => onSelect(isAll ? [] : shown)}>
        {isAll ? 'Select none' : `Select all ${shown.length}`}
      </Button>
      <Button
        size="small"
        disabled={pausable === 0}
        busy={bulk.isPending && bulk.variables.act === 'pause'}
        onClick={() => bulk.mutate({ act: 'pause', tasks: selected })}
      >
        <Pause aria-hidden /> Pause {pausable > 0 && pausable}
      </Button>
      <Button
        size="small"
        disabled={resumable === 0}
        busy={bulk.isPending && bulk.variables.act === 'resume'}
        onClick={() => bulk.mutate({ act: 'resume', tasks: selected })}
      >
        <CirclePlay aria-hidden /> Resume {resumable > 0 && resumable}
      </Button>
      <Button variant="ghost" size="small" onClick={onClose}>
        Done
      </Button>
    </div>
  );
}
