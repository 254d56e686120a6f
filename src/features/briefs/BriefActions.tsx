'use client';

import { type BriefActionView, type BriefView, isBlocking, LIMITS, readsWords } from '@everbeat/domain';
import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useId, useRef, useState } from 'react';
import { Button, buttonVariants } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { textDraft } from '@/lib/drafts/drafts';
import { useDraft } from '@/lib/drafts/useDraft';
import { underUndo } from '@/lib/undo/useUndo';
import { useIsHydrated } from '@/lib/useIsHydrated';
import { ActionMeanings } from './ActionMeanings';
import { actionIcon, isPlace } from './briefLabels';
import { shownActions } from './shownActions';
import { useOptionKeys } from './useOptionKeys';
import { useResolveBrief } from './useResolveBrief';

type ButtonVariant = 'primary' | 'danger' | 'ghost' | 'outline';

function variantOf({ key, style }: BriefActionView, isFirst: boolean): ButtonVariant {
  if (style !== undefined) return style;
  if (isFirst) return 'primary';
  return key === 'dismiss' ? 'ghost' : 'outline';
}

interface OptionProps {
  action: BriefActionView;
  isFirst: boolean;
  /** The key that chooses it; null where keys choose nothing. */
  number: number | null;
  busy: boolean;
  onChoose: () => void;
}

/** What `useOptionKeys` finds an option by. */
const keyOf = (action: BriefActionView, number: number | null) =>
  number === null ? {} : { 'data-option': action.key, 'aria-keyshortcuts': String(number) };

function KeyCap({ number }: { number: number | null }) {
  if (number === null) return null;
  return (
    <kbd aria-hidden className="hidden font-mono text-xs font-normal opacity-75 md:inline">
      {number}
    </kbd>
  );
}

interface PlaceLinkProps {
  action: BriefActionView;
  variant?: ButtonVariant;
  number?: number | null;
}

/** A link to a page of the application, on which the person does what the label says. */
export function PlaceLink({ action, variant, number = null }: PlaceLinkProps) {
  const Icon = actionIcon(action.key);
  return (
    <Link
      href={action.url ?? ''}
      className={buttonVariants({ variant, size: 'small' })}
      {...keyOf(action, number)}
    >
      {Icon !== undefined && <Icon aria-hidden />} {action.label} <KeyCap number={number} />
    </Link>
  );
}

/** One option. That of a page elsewhere opens it, and can be chosen once the person is back. */
function Option({ action, isFirst, number, busy, onChoose }: OptionProps) {
  const [wasOpened, setOpened] = useState(false);
  const Icon = actionIcon(action.key);
  const variant = variantOf(action, isFirst);
  if (isPlace(action)) return <PlaceLink action={action} variant={variant} number={number} />;
  if (action.url !== undefined) {
    return (
      <>
        <a
          href={action.url}
          target="_blank"
          rel="noopener noreferrer nofollow"
          onClick={() => setOpened(true)}
          className={buttonVariants({ variant, size: 'small' })}
          {...keyOf(action, number)}
        >
          <ExternalLink aria-hidden /> {action.label} <KeyCap number={number} />
        </a>
        {wasOpened && (
          <Button size="small" busy={busy} onClick={onChoose}>
            Done: {action.label}
          </Button>
        )}
      </>
    );
  }
  return (
    <Button size="small" variant={variant} busy={busy} onClick={onChoose} {...keyOf(action, number)}>
      {Icon !== undefined && <Icon aria-hidden />} {action.label}
      {action.isRecommended && <span className="text-xs font-normal opacity-80">recommended</span>}
      <KeyCap number={number} />
    </Button>
  );
}

/**
 * A run that waits in the middle goes on at once, and the answer to a budget says itself when the task goes
 * on.
 */
const GOES_ON_BY_ITSELF: readonly BriefView['purpose'][] = ['tool', 'budget'];

/**
 * Whether the task waits for this brief, so that its answer makes a task with automation run, now or later.
 */
const wakesTheLoop = (brief: BriefView): boolean =>
  isBlocking(brief) && brief.taskAutomationMode !== null && !GOES_ON_BY_ITSELF.includes(brief.purpose);

function LaterChoice({ later, onChange }: { later: boolean; onChange: (later: boolean) => void }) {
  const id = useId();
  return (
    <label htmlFor={id} className="flex items-center gap-2 text-[0.8125rem] text-muted">
      <input id={id} type="checkbox" checked={later} onChange={(event) => onChange(event.target.checked)} />
      Run at the next regular time instead of now
    </label>
  );
}

export interface BriefActionsProps {
  brief: BriefView;
  /** In the inbox, keys choose the options, and a button of the page closes what asks nothing. */
  inbox?: {
    hasDone: boolean;
    /** The person has read it. Without it, the brief alone is marked as read. */
    onRead?: (() => void) | undefined;
    /**
     * Called at once. The promise ends when the server has answered and the page is as it says, with whether
     * that has worked. Returns what is called when the answer was taken back.
     */
    onAnswered: (answering: Promise<boolean>) => (() => void) | undefined;
  };
}

/** The options of a brief, with a comment for the agent; the first option is the primary one. */
export function BriefActions(props: BriefActionsProps) {
  // Begins anew once the browser may look for a draft.
  const isHydrated = useIsHydrated();
  return <Answer key={isHydrated ? 'browser' : 'html'} {...props} restores={isHydrated} />;
}

function Answer({ brief, inbox, restores }: BriefActionsProps & { restores: boolean }) {
  const draft = useDraft(`brief:${brief.id}`, textDraft, { restores });
  const resolve = useResolveBrief(draft.discard);
  const [comment, setComment] = useState(draft.restored);
  const [problem, setProblem] = useState<string>();
  const [later, setLater] = useState(false);
  const text = comment?.trim() ?? '';
  const actions = shownActions(brief, { hasDone: inbox?.hasDone ?? false });
  const canReply = readsWords(brief.taskAgentKind);
  const field = useRef<HTMLTextAreaElement>(null);
  const reply = () => {
    setComment(comment ?? '');
    field.current?.focus();
  };
  const options = useOptionKeys(inbox === undefined ? null : { onReply: canReply ? reply : null });

  const change = (words: string): void => {
    setComment(words);
    setProblem(undefined);
    if (words.trim() === '') draft.discard();
    else draft.keep(words);
  };

  const choose = (action: string): void => {
    if (action === 'feedback' && text === '') {
      setComment(comment ?? '');
      if (comment !== null) setProblem('Write what the agent should do.');
      return;
    }
    const answer = {
      id: brief.id,
      action,
      comment: text || undefined,
      when: later ? 'next' : 'now',
    } as const;
    let undone: (() => void) | undefined;
    // That it failed is said by the mutation.
    const answering = underUndo(resolve.mutateAsync({ answer, onUndone: () => undone?.() })).then(
      () => true,
      () => false,
    );
    undone = inbox?.onAnswered(answering);
  };

  return (
    <div ref={options} className="space-y-3">
      {comment !== null && (
        <Field label="Your words" hint="The agent reads them with your choice." error={problem}>
          <Textarea
            ref={field}
            value={comment}
            onChange={(event) => change(event.target.value)}
            autoFocus={draft.restored === null}
            maxLength={LIMITS.commentCharsMax}
          />
        </Field>
      )}
      <div className="flex flex-wrap gap-2">
        {actions.map((action, position) => (
          <Option
            key={action.key}
            action={action}
            isFirst={position === 0}
            number={inbox === undefined ? null : position + 1}
            busy={resolve.isPending && resolve.variables.answer.action === action.key}
            onChoose={() => choose(action.key)}
          />
        ))}
        {comment === null && canReply && (
          <Button variant="ghost" size="small" onClick={() => setComment('')}>
            Add a comment
          </Button>
        )}
      </div>
      {wakesTheLoop(brief) && <LaterChoice later={later} onChange={setLater} />}
      <ActionMeanings actions={actions} />
    </div>
  );
}
