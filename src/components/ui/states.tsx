import { RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { messageOf } from '@/lib/trpc/errors';
import { Button } from './button';

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn('animate-shimmer rounded-lg bg-sunken', className)} />;
}

/** Placeholder rows while a list is loading; screen readers hear "Loading…" once. */
export function ListSkeleton({ rows = 3, rowClass = 'h-20' }: { rows?: number; rowClass?: string }) {
  return (
    <div role="status" className="space-y-3">
      <span className="sr-only">Loading…</span>
      {Array.from({ length: rows }, (_, row) => row).map((row) => (
        <Skeleton key={row} className={rowClass} />
      ))}
    </div>
  );
}

interface EmptyStateProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
}

export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className="flex flex-col items-center gap-1.5 rounded-2xl border border-dashed px-6 py-10 text-center">
      {icon !== undefined && <div className="mb-1 text-accent [&_svg]:size-6">{icon}</div>}
      <p className="font-medium">{title}</p>
      {children !== undefined && <div className="max-w-md text-sm text-muted">{children}</div>}
    </div>
  );
}

interface ErrorStateProps {
  /** What failed: "The tasks could not be loaded". */
  title: string;
  error: unknown;
  onRetry: () => void;
}

export function ErrorState({ title, error, onRetry }: ErrorStateProps) {
  return (
    <div role="alert" className="flex flex-wrap items-start gap-3 rounded-2xl bg-danger-soft px-5 py-4">
      <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-danger" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{title}</p>
        <p className="mt-0.5 text-sm">{messageOf(error)}</p>
      </div>
      <Button size="small" onClick={onRetry}>
        <RotateCw aria-hidden /> Try again
      </Button>
    </div>
  );
}
