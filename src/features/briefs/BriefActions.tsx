'use client';

import { type BriefAction, type BriefView, LIMITS } from '@everbeat/domain';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
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
  const { register, handleSubmit, formState } = useForm({ defaultValues: { comment: '' } });
  const validate = (text: string) => text.trim() !== '' || 'Write what the agent should do differently.';
  return (
    <form onSubmit={handleSubmit(({ comment }) => onSend(comment.trim()))} className="w-full space-y-3">
      <Field
        label="Your feedback"
        hint="The agent reads it in its next run."
        error={formState.errors.comment?.message}
      >
        <Textarea {...register('comment', { validate })} autoFocus maxLength={LIMITS.commentCharsMax} />
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
