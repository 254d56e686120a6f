import { ChevronRight } from 'lucide-react';
import { QuickWatchForm } from './QuickWatchForm';

/** The quick form, folded, for a person who already has tasks. */
export function WatchAnother() {
  return (
    <details className="group border-t pt-5">
      <summary className="flex w-fit list-none items-center gap-1.5 rounded-md text-sm font-medium text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        Watch another page
      </summary>
      <div className="mt-4">
        <QuickWatchForm />
      </div>
    </details>
  );
}
