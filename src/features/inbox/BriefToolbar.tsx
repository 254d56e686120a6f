'use client';

import type { InboxView } from '@everbeat/domain';
import { ArrowLeft, Bell, BellOff, Check, Clock, ListFilter, Mail, MailOpen, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import type { InboxRow } from './inboxRow';

export interface RowActs {
  onDone: () => void;
  onSnooze: (anchor: HTMLElement) => void;
  onUnsnooze: () => void;
  onMute: () => void;
  onToggleRead: () => void;
  /** Null: the list shows the rows of one task already. */
  onOnlyTask: (() => void) | null;
}

interface ToolbarProps extends RowActs {
  view: InboxView;
  /** Null: the brief is in no row of the list. */
  row: InboxRow | null;
  onBack: () => void;
}

interface ActButtonProps {
  icon: ReactNode;
  label: string;
  shortcut?: string;
  onClick: (button: HTMLElement) => void;
}

function ActButton({ icon, label, shortcut, onClick }: ActButtonProps) {
  return (
    <Button
      size="small"
      title={shortcut === undefined ? label : `${label} (${shortcut})`}
      aria-keyshortcuts={shortcut}
      onClick={({ currentTarget }) => onClick(currentTarget)}
    >
      {icon} {label}
    </Button>
  );
}

/** Element id of the button that the menu of times opens beside. */
export const SNOOZE_BUTTON_ID = 'snooze-brief';

/** What can be done with the whole row of the brief that is shown. */
export function BriefToolbar({ view, row, onBack, ...acts }: ToolbarProps) {
  const isOpen = view !== 'done';
  return (
    <div role="toolbar" aria-label="This row" className="mb-3 flex flex-wrap items-center gap-2">
      <Button size="small" variant="ghost" className="md:hidden" onClick={onBack}>
        <ArrowLeft aria-hidden /> Inbox
      </Button>
      {row !== null && (
        <>
          {isOpen && row.kind !== 'needs-me' && (
            <ActButton icon={<Check aria-hidden />} label="Done" shortcut="e" onClick={acts.onDone} />
          )}
          {view === 'snoozed' && (
            <ActButton
              icon={<Undo2 aria-hidden />}
              label="Back to the inbox"
              shortcut="s"
              onClick={acts.onUnsnooze}
            />
          )}
          {isOpen && view !== 'snoozed' && (
            <span id={SNOOZE_BUTTON_ID}>
              <ActButton icon={<Clock aria-hidden />} label="Snooze" shortcut="s" onClick={acts.onSnooze} />
            </span>
          )}
          <ActButton
            icon={row.readAt === null ? <MailOpen aria-hidden /> : <Mail aria-hidden />}
            label={row.readAt === null ? 'Mark read' : 'Mark unread'}
            shortcut="u"
            onClick={acts.onToggleRead}
          />
          <ActButton
            icon={row.muted ? <Bell aria-hidden /> : <BellOff aria-hidden />}
            label={row.muted ? 'Unmute' : 'Mute'}
            shortcut="m"
            onClick={acts.onMute}
          />
          {acts.onOnlyTask !== null && (
            <ActButton
              icon={<ListFilter aria-hidden />}
              label={`Only ${row.taskIdentifier}`}
              onClick={acts.onOnlyTask}
            />
          )}
        </>
      )}
    </div>
  );
}
