'use client';

import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { QuickWatch } from './QuickWatch';

/** The quick form, folded, for a person who already has tasks. */
export function WatchAnother() {
  const [wasOpened, setOpened] = useState(false);
  return (
    <details
      className="group border-t pt-5"
      onToggle={(event) => event.currentTarget.open && setOpened(true)}
    >
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-md text-sm font-medium text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        Watch another page
      </summary>
      <div className="mt-4">{wasOpened && <QuickWatch />}</div>
    </details>
  );
}
