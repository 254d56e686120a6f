'use client';

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';

export interface TabItem<Value extends string> {
  value: Value;
  label: string;
  /** Shown beside the label unless it is 0. */
  count?: number;
  content: ReactNode;
}

interface TabsProps<Value extends string> {
  label: string;
  value: Value;
  onValueChange: (value: Value) => void;
  items: readonly TabItem<Value>[];
}

/** Where a key leads from the tab at this place; undefined: it is none of the tabs' keys. */
function placeAfter(key: string, place: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (place + 1) % count;
    case 'ArrowLeft':
      return (place + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

/** How far a list is to be scrolled so that a tab is in view: as far as it is, where that shows the tab. */
export function scrollToShow(
  tab: Pick<HTMLElement, 'offsetLeft' | 'offsetWidth'>,
  list: Pick<HTMLElement, 'scrollLeft' | 'clientWidth'>,
): number {
  const leastPx = tab.offsetLeft + tab.offsetWidth - list.clientWidth;
  return Math.min(Math.max(list.scrollLeft, leastPx), tab.offsetLeft);
}

/**
 * Tabs by the pattern of ARIA: arrows move the focus among them, Enter chooses. Not those of Base UI, which
 * bring 15 kB to pages that need nothing else of it.
 */
export function Tabs<Value extends string>({ label, value, onValueChange, items }: TabsProps<Value>) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const shown = items.find((item) => item.value === value);
  // On a narrow screen, the tab of the address may be beyond the edge.
  useEffect(() => {
    const tab = document.getElementById(`${id}-${value}`);
    if (list.current !== null && tab !== null) list.current.scrollLeft = scrollToShow(tab, list.current);
  }, [id, value]);
  const move = (event: KeyboardEvent, place: number) => {
    const next = placeAfter(event.key, place, items.length);
    if (next === undefined) return;
    event.preventDefault();
    list.current?.querySelectorAll<HTMLElement>('[role="tab"]')[next]?.focus();
  };
  return (
    <div>
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        className="relative flex gap-1 overflow-x-auto overflow-y-hidden border-b p-0.5 pb-0"
      >
        {items.map((item, place) => (
          <button
            key={item.value}
            type="button"
            role="tab"
            id={`${id}-${item.value}`}
            aria-selected={item.value === value}
            aria-controls={item.value === value ? `${id}-panel` : undefined}
            tabIndex={item.value === value ? 0 : -1}
            onClick={() => onValueChange(item.value)}
            onKeyDown={(event) => move(event, place)}
            className="-mb-px flex items-center gap-1.5 rounded-t-md border-b-2 border-transparent px-2 py-2 text-sm font-medium sm:px-3 whitespace-nowrap text-muted hover:text-ink aria-selected:border-accent aria-selected:text-ink"
          >
            {item.label}
            {item.count !== undefined && item.count > 0 && (
              <span className="rounded-full bg-sunken px-1.5 text-xs text-muted tabular-nums">
                {item.count}
              </span>
            )}
          </button>
        ))}
      </div>
      {shown !== undefined && (
        <div
          key={shown.value}
          role="tabpanel"
          id={`${id}-panel`}
          aria-labelledby={`${id}-${shown.value}`}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: the pattern asks for it, so that the panel can be reached
          tabIndex={0}
          className="pt-5 outline-offset-8"
        >
          <h2 className="sr-only">{shown.label}</h2>
          {shown.content}
        </div>
      )}
    </div>
  );
}
