import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';

interface NoticeProps {
  icon: LucideIcon;
  tone: 'warn' | 'danger' | 'info';
  title: string;
  children: ReactNode;
  /** A button that solves the problem. */
  remedy?: ReactNode;
}

const TONES = { warn: 'bg-warn-soft', danger: 'bg-danger-soft', info: 'bg-info-soft' } as const;

/** Why a task does not run as its rule says, in its head. */
export function Notice({ icon: Icon, tone, title, children, remedy }: NoticeProps) {
  return (
    <section
      aria-label={title}
      className={cn('flex flex-wrap items-start gap-3 rounded-2xl px-4 py-4 sm:px-5', TONES[tone])}
    >
      <Icon aria-hidden className="mt-0.5 size-5 shrink-0" />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-medium">{title}</p>
        <div className="mt-0.5 text-sm">{children}</div>
      </div>
      {remedy}
    </section>
  );
}
