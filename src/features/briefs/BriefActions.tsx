'use client';

import type { BriefAction, BriefView } from '@everbeat/domain';
import { LIMITS } from '@everbeat/domain';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { ACTION_LABELS } from './briefLabels';
import { useResolveBrief } from './useResolveBrief';

interface FeedbackFormProps {
  busy: boolean;
  onSend: (comment: string) => void;
  onCancel: () => void;
}

function FeedbackForm({ busy, onSend, onCancel }: FeedbackFormProps) {
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const text = comment.trim();
    setMissing(text === '');
    if (text !== '' && !busy) onSend(text);
  };
  return (
    <form onSubmit={send} className="w-full space-y-3">
      <Field
        label="Your feedback"
        hint="The agent reads it in its next run."
        error={missing && comment.trim() === '' ? 'Write what the agent should do differently.' : undefined}
      >
        <Textarea
          autoFocus
          maxLength={LIMITS.commentCharsMax}
          value={comment}
          onChange={(event) => setComment(event.target.value)}
        />
      </Field>
      <div className="flex gap-2">
        <Button type="submit" variant="primary" size="small" busy={busy}>
          Send feedback
        </Button>
        <Button variant="ghost" size="small" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** One button for each action of the brief; the first is the primary one. */
export function BriefActions({ brief }: { brief: BriefView }) {
  const resolve = useResolveBrief();
  const [isWriting, setWriting] = useState(false);
  const answer = (action: BriefAction, comment?: string) => resolve.mutate({ id: brief.id, action, comment });

  if (isWriting) {
    return (
      <FeedbackForm
        busy={resolve.isPending}
        onSend={(comment) => answer('feedback', comment)}
        onCancel={() => setWriting(false)}
      />
    );
  }
  return (
    <div className="flex flex-wrap gap-2">
      {brief.actions.map((action, position) => {
        const { label, icon: Icon } = ACTION_LABELS[action];
        return (
          <Button
            key={action}
            size="small"
            variant={position === 0 ? 'primary' : action === 'dismiss' ? 'ghost' : 'outline'}
            busy={resolve.isPending && resolve.variables.action === action}
            onClick={() => (action === 'feedback' ? setWriting(true) : answer(action))}
          >
            <Icon aria-hidden /> {label}
          </Button>
        );
      })}
    </div>
  );
}
