import { useMemo } from 'react';
import { DiffBlock } from '@/components/ui/diff';
import { ScrollRegion } from '@/components/ui/scrollRegion';
import { lineDiff } from './lineDiff';

/** The lines in which two texts differ. */
export function TextDiff({ before, after }: { before: string; after: string }) {
  const diff = useMemo(() => lineDiff(before, after), [before, after]);
  if (diff === null) {
    return <p className="text-sm text-muted">The texts differ in too many lines to be compared here.</p>;
  }
  if (diff === '') return <p className="text-sm text-muted">The texts are the same.</p>;
  return (
    <ScrollRegion className="max-h-96 overflow-auto rounded-lg bg-sunken px-3.5 py-3 text-[0.8125rem]">
      <pre>
        <DiffBlock text={diff} />
      </pre>
    </ScrollRegion>
  );
}
