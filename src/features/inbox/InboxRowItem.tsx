'use client';

import { BellOff, Check, Clock, Hourglass } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { LocalText } from '@/components/ui/time';
import { TYPE_LABELS } from '@/features/briefs/briefLabels';
import { cn } from '@/lib/cn';
import { useAtTime } from '@/lib/useNow';
import type { InboxRow } from './inboxRow';
import { expiryText, rowHeadline, shortTime, snoozeText } from './rowTexts';
import { useSwipe } from './useSwipe';

interface RowButtonProps {
  label: string;
  icon: ReactNode;
  onClick: (button: HTMLElement) => void;
}

/** Always there for a finger; with a mouse, where it points. */
function RowButton({ label, icon, onClick }: RowButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="relative z-10 grid size-9 place-items-center rounded-lg text-muted hover:bg-surface hover:text-ink md:size-7 [&_svg]:size-4"
      onClick={(event) => onClick(event.currentTarget)}
    >
      {icon}
    </button>
  );
}

function SwipeHints() {
  return (
    <div
      aria-hidden
      className="absolute inset-0 flex items-center justify-between bg-accent-soft px-5 text-sm font-medium text-accent [&_svg]:size-4"
    >
      <span className="flex items-center gap-1.5">
        <Check /> Done
      </span>
      <span className="flex items-center gap-1.5">
        Snooze <Clock />
      </span>
    </div>
  );
}

/** What happens to the question by itself, where that is not nothing. */
function Expiry({ row }: Pick<InboxRowItemProps, 'row'>) {
  const text = useAtTime((now) => expiryText(row, now));
  if (text === null) return null;
  return (
    <p className="mt-0.5 flex items-center gap-1.5 text-[0.8125rem] text-muted">
      <Hourglass aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{text}</span>
    </p>
  );
}

export interface InboxRowItemProps {
  row: InboxRow;
  href: string;
  isCurrent: boolean;
  isSelected: boolean;
  canFinish: boolean;
  onOpen: () => void;
  onSelect: (isRange: boolean) => void;
  onDone: () => void;
  onSnooze: (anchor: HTMLElement) => void;
}

/** A row of the list: whose news, how much, since when. The whole row is the link to its newest brief. */
export function InboxRowItem(props: InboxRowItemProps) {
  const { row, isCurrent, isSelected, canFinish } = props;
  const { icon: TypeIcon, label: type, tone } = TYPE_LABELS[row.type];
  const name = `${row.taskIdentifier} ${row.taskTitle}`;
  const { offset, handlers } = useSwipe((act) => {
    const list = document.querySelector<HTMLElement>(`[data-row="${CSS.escape(row.key)}"]`);
    if (act === 'done') props.onDone();
    else if (list !== null) props.onSnooze(list);
  });
  const isUnread = row.readAt === null;
  return (
    <li
      className="relative touch-pan-y scroll-mt-28 scroll-mb-24 overflow-hidden"
      {...(canFinish ? handlers : {})}
    >
      {offset !== 0 && <SwipeHints />}
      <div
        style={offset === 0 ? undefined : { transform: `translateX(${offset}px)` }}
        className={cn(
          'group relative flex items-start gap-2.5 bg-surface py-2 pr-2 pl-3 hover:bg-sunken md:pr-3 has-[a:focus-visible]:bg-sunken',
          isCurrent && 'md:bg-accent-soft',
        )}
      >
        <input
          type="checkbox"
          checked={isSelected}
          aria-label={`Select ${name}: ${row.title}`}
          className="relative z-10 mt-1 size-4 shrink-0 accent-accent"
          onChange={({ nativeEvent }) =>
            props.onSelect(nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
          }
        />
        <div className="min-w-0 flex-1">
          <div className="flex items-baseline gap-2 text-[0.8125rem] text-muted">
            <span className="min-w-0 flex-1 truncate">
              <span className="tabular-nums">{row.taskIdentifier}</span> {row.taskTitle}
            </span>
            {row.muted && <BellOff role="img" aria-label="Muted" className="size-3.5 shrink-0 self-center" />}
            {isUnread && <span aria-hidden className="size-2 shrink-0 self-center rounded-full bg-accent" />}
            <span className="shrink-0 tabular-nums">
              <LocalText read={(now) => shortTime(row.newestAt, now)} />
            </span>
          </div>
          <div className="flex items-start gap-1.5">
            <TypeIcon
              role="img"
              aria-label={type}
              className={cn('mt-1 size-3.5 shrink-0', tone === 'danger' ? 'text-danger' : 'text-muted')}
            />
            <Link
              href={props.href}
              data-row={row.key}
              aria-current={isCurrent ? 'true' : undefined}
              className={cn(
                'line-clamp-2 min-w-0 flex-1 text-[0.9375rem] leading-snug outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent',
                isUnread && 'font-semibold',
              )}
              onClick={(event) => {
                if (event.metaKey || event.ctrlKey || event.shiftKey) return;
                event.preventDefault();
                props.onOpen();
              }}
            >
              {isUnread && <span className="sr-only">Unread: </span>}
              {row.count > 1 ? <LocalText read={(now) => rowHeadline(row, now)} /> : row.title}
            </Link>
          </div>
          <p className="truncate text-[0.8125rem] text-muted">
            {row.snoozedUntil !== null && <LocalText read={(now) => `${snoozeText(row, now)} · `} />}
            {row.count > 1 ? row.title : row.excerpt}
          </p>
          <Expiry row={row} />
        </div>
        {canFinish && (
          <div className="flex shrink-0 gap-0.5 self-center md:absolute md:right-2 md:bottom-1.5 md:rounded-lg md:bg-sunken md:opacity-0 md:group-focus-within:opacity-100 md:group-hover:opacity-100">
            {row.kind !== 'needs-me' && (
              <RowButton label={`Done: ${row.title}`} icon={<Check aria-hidden />} onClick={props.onDone} />
            )}
            <RowButton label={`Snooze: ${row.title}`} icon={<Clock aria-hidden />} onClick={props.onSnooze} />
          </div>
        )}
      </div>
    </li>
  );
}
