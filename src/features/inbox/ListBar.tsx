'use client';

import { Check, Clock, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from '@/components/ui/button';

interface ListBarProps {
  rows: number;
  selected: number;
  /** How many rows have come that are not shown yet. */
  waiting: number;
  canFinish: boolean;
  onSelectAll: () => void;
  onClear: () => void;
  onShowAll: () => void;
  onDone: () => void;
  onSnooze: (anchor: HTMLElement) => void;
}

/** Some, but not all, is an attribute that only a script can set. */
function SelectAll({ selected, rows, onChange }: { selected: number; rows: number; onChange: () => void }) {
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current !== null) box.current.indeterminate = selected > 0 && selected < rows;
  });
  return (
    <input
      ref={box}
      type="checkbox"
      aria-label="Select all rows"
      className="size-4 shrink-0 accent-accent"
      checked={rows > 0 && selected === rows}
      onChange={onChange}
    />
  );
}

/**
 * Above the rows, and of one height: what is done with several rows, or that there are new ones, takes no
 * room from the list, so that nothing moves under the pointer.
 */
export function ListBar(props: ListBarProps) {
  const { rows, selected, waiting, canFinish, onSelectAll, onClear } = props;
  return (
    <div className="sticky top-14 z-20 flex h-11 items-center gap-2.5 border-b bg-surface px-3 text-[0.8125rem] text-muted lg:top-0">
      <SelectAll selected={selected} rows={rows} onChange={selected === 0 ? onSelectAll : onClear} />
      {selected > 0 ? (
        <>
          <span className="flex-1 tabular-nums">{selected} selected</span>
          {canFinish && (
            <>
              <Button size="small" onClick={props.onDone}>
                <Check aria-hidden /> Done
              </Button>
              <Button size="small" onClick={({ currentTarget }) => props.onSnooze(currentTarget)}>
                <Clock aria-hidden /> Snooze
              </Button>
            </>
          )}
          <Button size="small" variant="ghost" aria-label="Select none" onClick={onClear}>
            <X aria-hidden />
          </Button>
        </>
      ) : (
        <div role="status" className="flex flex-1 justify-center pr-6">
          {waiting > 0 && (
            <Button
              size="small"
              variant="primary"
              className="h-7 rounded-full px-3 tabular-nums"
              onClick={props.onShowAll}
            >
              {waiting} new
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
