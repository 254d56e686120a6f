'use client';

import { type BriefActionView, type BriefView, LIMITS, readsWords } from '@everbeat/domain';
import { ExternalLink } from 'lucide-react';
import Link from 'next/link';
import { useId, useState } from 'react';
import { Button, buttonVariants } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { textDraft } from '@/lib/drafts/drafts';
import { useDraft } from '@/lib/drafts/useDraft';
import { useIsHydrated } from '@/lib/useIsHydrated';
import { ActionMeanings } from './ActionMeanings';
import { actionIcon, isPlace } from './briefLabels';
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
  busy: boolean;
  onChoose: () => void;
}

/** A link to a page of the application, on which the person does what the label says. */
export function PlaceLink({ action, variant }: { action: BriefActionView; variant?: ButtonVariant }) {
  const Icon = actionIcon(action.key);
  return (
    <Link href={action.url ?? ''} className={buttonVariants({ variant, size: 'small' })}>
      {Icon !== undefined && <Icon aria-hidden />} {action.label}
    </Link>
  );
}

/** One option. That of a page elsewhere opens it, and can be chosen once the person is back. */
function Option({ action, isFirst, busy, onChoose }: OptionProps) {
  const [wasOpened, setOpened] = useState(false);
  const Icon = actionIcon(action.key);
  const variant = variantOf(action, isFirst);
  if (isPlace(action)) return <PlaceLink action={action} variant={variant} />;
  if (action.url !== undefined) {
    return (
      <>
        <a
          href={action.url}
          target="_blank"
          rel="noopener noreferrer nofollow"
          onClick={() => setOpened(true)}
          className={buttonVariants({ variant, size: 'small' })}
        >
          <ExternalLink aria-hidden /> {action.label}
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
    <Button size="small" variant={variant} busy={busy} onClick={onChoose}>
      {Icon !== undefined && <Icon aria-hidden />} {action.label}
      {action.isRecommended && <span className="text-xs font-normal opacity-80">recommended</span>}
    </Button>
  );
}

/** A run that waits in the middle goes on at once, and the answer to a budget says itself when the task goes on. */
const GOES_ON_BY_ITSELF: readonly BriefView['purpose'][] = ['tool', 'budget'];

/** Whether the task waits for this brief, so that its answer makes a task with automation run, now or later. */
const wakesTheLoop = ({ priority, type, taskAutomationMode, purpose }: BriefView): boolean =>
  priority === 'urgent' &&
  type !== 'error' &&
  taskAutomationMode !== null &&
  !GOES_ON_BY_ITSELF.includes(purpose);

function LaterChoice({ later, onChange }: { later: boolean; onChange: (later: boolean) => void }) {
  const id = useId();
  return (
    <label htmlFor={id} className="flex items-center gap-2 text-[0.8125rem] text-muted">
      <input id={id} type="checkbox" checked={later} onChange={(event) => onChange(event.target.checked)} />
      Run at the next regular time instead of now
    </label>
  );
}

/** The options of a brief, with a comment for the agent; the first option is the primary one. */
export function BriefActions({ brief }: { brief: BriefView }) {
  // Begins anew once the browser may look for a draft.
  return <Answer key={useIsHydrated() ? 'browser' : 'html'} brief={brief} />;
}

function Answer({ brief }: { brief: BriefView }) {
  const draft = useDraft(`brief:${brief.id}`, textDraft);
  const resolve = useResolveBrief(draft.discard);
  const [comment, setComment] = useState(draft.restored);
  const [problem, setProblem] = useState<string>();
  const [later, setLater] = useState(false);
  const text = comment?.trim() ?? '';

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
    resolve.mutate({ id: brief.id, action, comment: text || undefined, when: later ? 'next' : 'now' });
  };

  return (
    <div className="space-y-3">
      {comment !== null && (
        <Field label="Your words" hint="The agent reads them with your choice." error={problem}>
          <Textarea
            value={comment}
            onChange={(event) => change(event.target.value)}
            autoFocus={draft.restored === null}
            maxLength={LIMITS.commentCharsMax}
          />
        </Field>
      )}
      <div className="flex flex-wrap gap-2">
        {brief.actions.map((action, position) => (
          <Option
            key={action.key}
            action={action}
            isFirst={position === 0}
            busy={resolve.isPending && resolve.variables.action === action.key}
            onChoose={() => choose(action.key)}
          />
        ))}
        {comment === null && readsWords(brief.taskAgentKind) && (
          <Button variant="ghost" size="small" onClick={() => setComment('')}>
            Add a comment
          </Button>
        )}
      </div>
      {wakesTheLoop(brief) && <LaterChoice later={later} onChange={setLater} />}
      <ActionMeanings actions={brief.actions} />
    </div>
  );
}
