'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useInboxCounts } from '@/features/inbox/useInboxCounts';
import { cn } from '@/lib/cn';
import { badgeOf } from './badge';
import { isAt, PLACES } from './navigation';

function InboxCount({ className }: { className?: string }) {
  const badge = badgeOf(useInboxCounts().data);
  if (badge === null) return null;
  return (
    <span
      className={cn(
        'rounded-full px-1.5 text-xs font-semibold tabular-nums',
        badge.dot === 'waits' ? 'bg-danger text-paper' : 'bg-info-soft text-info',
        className,
      )}
    >
      {badge.text}
      <span className="sr-only"> {badge.what}</span>
    </span>
  );
}

/** Links to the main pages: a column beside the content, or a bar at the bottom on a phone. */
export function NavLinks({ layout }: { layout: 'side' | 'bottom' }) {
  const pathname = usePathname();
  const side = layout === 'side';
  return (
    <ul className={side ? 'space-y-1' : 'grid grid-cols-5'}>
      {PLACES.map((place) => {
        const current = isAt(place, pathname);
        return (
          <li key={place.href}>
            <Link
              href={place.href}
              aria-current={current ? 'page' : undefined}
              className={cn(
                'relative flex items-center font-medium text-muted transition-colors hover:text-ink',
                side
                  ? 'gap-3 rounded-lg px-3 py-2 text-[0.9375rem] hover:bg-sunken'
                  : 'flex-col gap-0.5 py-2 text-xs',
                current && 'text-ink',
                current && side && 'bg-sunken',
              )}
            >
              <place.icon aria-hidden className={cn('size-5', current && 'text-accent')} />
              <span className={cn(side ? 'flex-1' : 'flex items-center gap-1')}>{place.label}</span>
              {place.href === '/' && <InboxCount className={side ? '' : 'absolute top-1 left-1/2 ml-1.5'} />}
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
