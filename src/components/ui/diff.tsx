import { cn } from '@/lib/cn';

function lookOf(line: string): string {
  if (line.startsWith('@@') || line.startsWith('+++') || line.startsWith('---')) return 'text-muted';
  if (line.startsWith('+')) return 'bg-accent-soft text-accent';
  if (line.startsWith('-')) return 'bg-danger-soft text-danger';
  return '';
}

/** A unified diff, coloured by line. The signs stay, so the meaning does not depend on colour alone. */
export function DiffBlock({ text }: { text: string }) {
  const lines = text.split('\n').map((line, number) => ({ line, number }));
  return (
    <code className="block w-max min-w-full">
      {lines.map(({ line, number }) => (
        <span key={number} className={cn('block rounded-sm px-1 whitespace-pre', lookOf(line))}>
          {line === '' ? ' ' : line}
        </span>
      ))}
    </code>
  );
}
