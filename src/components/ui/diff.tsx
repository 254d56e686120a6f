import { cn } from '@/lib/cn';

type LineKind = 'added' | 'removed' | 'header' | 'same';

function kindOf(line: string): LineKind {
  if (line.startsWith('@@') || line.startsWith('+++') || line.startsWith('---')) return 'header';
  if (line.startsWith('+')) return 'added';
  if (line.startsWith('-')) return 'removed';
  return 'same';
}

const LOOKS: Record<LineKind, string> = {
  added: 'bg-accent-soft text-accent',
  removed: 'bg-danger-soft text-danger',
  header: 'text-muted',
  same: '',
};

/** A unified diff, coloured by line. The signs stay, so the meaning does not depend on colour alone. */
export function DiffBlock({ text }: { text: string }) {
  const lines = text.split('\n').map((line, number) => ({ line, number }));
  return (
    <code className="block w-max min-w-full">
      {lines.map(({ line, number }) => (
        <span key={number} className={cn('block rounded-sm px-1 whitespace-pre', LOOKS[kindOf(line)])}>
          {line === '' ? ' ' : line}
        </span>
      ))}
    </code>
  );
}
