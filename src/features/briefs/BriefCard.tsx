'use client';

import { type BriefView, editPath } from '@everbeat/domain';
import { ExternalLink, FileText, Pencil } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import { Badge, LabelBadge } from '@/components/ui/badge';
import { DisclosureButton } from '@/components/ui/disclosureButton';
import { Markdown } from '@/components/ui/markdown';
import { RelativeTime } from '@/components/ui/time';
import { cn } from '@/lib/cn';
import { useAtTime } from '@/lib/useNow';
import { BriefActions, type BriefActionsProps } from './BriefActions';
import { effectText, resolutionLabel, TYPE_LABELS } from './briefLabels';
import { PagePictures } from './PagePictures';
import { SilenceNote } from './SilenceNote';
import { useMarkRead } from './useMarkRead';

/** Longer summaries are folded, so that one brief does not push all others off the screen. */
const FOLDED_CHARS = 900;
const FOLDED_LINES = 16;

function Summary({ text }: { text: string }) {
  const isLong = text.length > FOLDED_CHARS || text.split('\n').length > FOLDED_LINES;
  const [open, setOpen] = useState(!isLong);
  return (
    <>
      <div className={cn('relative', !open && 'max-h-64 overflow-hidden')}>
        <Markdown text={text} />
        {!open && (
          <div
            aria-hidden
            className="absolute inset-x-0 bottom-0 h-16 bg-linear-to-t from-surface to-transparent"
          />
        )}
      </div>
      {isLong && (
        <DisclosureButton open={open} onOpenChange={setOpen}>
          {open ? 'Show less' : 'Show all'}
        </DisclosureButton>
      )}
    </>
  );
}

function Resolution({ brief }: { brief: BriefView }) {
  const effect = useAtTime(() => effectText(brief));
  if (brief.resolvedAt === null) return null;
  return (
    <div className="text-sm text-muted">
      {resolutionLabel(brief)} <RelativeTime at={brief.resolvedAt} />
      {effect !== null && <> · {effect}</>}
      {brief.resolvedComment !== null && (
        <p className="mt-1 whitespace-pre-wrap text-ink">“{brief.resolvedComment}”</p>
      )}
    </div>
  );
}

const linkClass = 'flex w-fit items-center gap-1.5 text-sm text-accent underline underline-offset-2';

/**
 * Where the cause of an error is found and often corrected. What its own options lead to needs no other link.
 */
function ErrorLinks({ brief }: { brief: BriefView }) {
  const { type, actions, taskIdentifier, taskPageUrl } = brief;
  if (type !== 'error') return null;
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-1">
      {taskPageUrl !== null && (
        <a href={taskPageUrl} target="_blank" rel="noopener noreferrer nofollow" className={linkClass}>
          <ExternalLink aria-hidden className="size-4 shrink-0" /> Open the page
        </a>
      )}
      {!actions.some(({ key }) => key === 'edit-task') && (
        <Link href={editPath(taskIdentifier)} className={linkClass}>
          <Pencil aria-hidden className="size-4 shrink-0" /> Edit the task
        </Link>
      )}
    </div>
  );
}

/** The way to the document that the brief is about. */
function DocumentLink({ brief, document }: { brief: BriefView; document: string }) {
  const query = new URLSearchParams({ tab: 'documents', document });
  return (
    <Link
      href={`/tasks/${brief.taskIdentifier}?${query}`}
      className="inline-flex max-w-full items-center gap-1.5 text-sm text-accent underline underline-offset-2"
    >
      <FileText aria-hidden className="size-4 shrink-0" />
      <span className="min-w-0 truncate">{document}</span>
    </Link>
  );
}

interface BriefCardProps extends BriefActionsProps {
  /** Adds a link to the task, for lists with briefs of several tasks. */
  showTask?: boolean;
  /** False: being in view does not mean that the person reads it. */
  isBeingRead?: boolean;
}

export function BriefCard({ brief, showTask = false, isBeingRead = true, inbox }: BriefCardProps) {
  const card = useMarkRead(brief, { isBeingRead, onRead: inbox?.onRead });
  const look = TYPE_LABELS[brief.type];
  const open = brief.resolvedAt === null;
  return (
    <article
      ref={card}
      aria-labelledby={`brief-${brief.id}`}
      className={cn(
        'space-y-3 rounded-2xl border bg-surface p-4 sm:p-5',
        open && brief.priority === 'urgent' && 'border-danger/55',
        !open && 'bg-transparent',
      )}
    >
      <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-[0.8125rem] text-muted">
        <LabelBadge {...look} tone={open ? look.tone : 'neutral'} />
        {showTask && (
          <Link
            href={`/tasks/${brief.taskIdentifier}`}
            className="max-w-full min-w-0 truncate font-medium text-ink underline-offset-2 hover:underline"
          >
            <span className="text-muted tabular-nums">{brief.taskIdentifier}</span> {brief.taskName}
          </Link>
        )}
        <RelativeTime at={brief.updatedAt} />
        {brief.occurrences > 1 && (
          <span className="tabular-nums">
            {brief.type === 'error' ? 'happened' : 'updated'} {brief.occurrences} times since{' '}
            <RelativeTime at={brief.createdAt} />
          </span>
        )}
        {open && brief.readAt === null && <Badge tone="accent">New</Badge>}
      </div>
      <h3 id={`brief-${brief.id}`} className="text-[1.0625rem] leading-snug font-semibold">
        {brief.title}
      </h3>
      {brief.summary.trim() !== '' && <Summary text={brief.summary} />}
      <PagePictures ids={brief.pictures} />
      {brief.document !== null && <DocumentLink brief={brief} document={brief.document} />}
      {open && <ErrorLinks brief={brief} />}
      {open && <SilenceNote brief={brief} />}
      {open ? <BriefActions brief={brief} {...(inbox && { inbox })} /> : <Resolution brief={brief} />}
    </article>
  );
}
