'use client';

import { type BriefActionView, type BriefView, LIMITS } from '@everbeat/domain';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { actionIcon } from './briefLabels';
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

function variantOf({ key, style }: BriefActionView, isFirst: boolean) {
  if (style !== undefined) return style;
  if (isFirst) return 'primary';
  return key === 'dismiss' ? 'ghost' : 'outline';
}

/** One button for each action of the brief; the first is the primary one. */
export function BriefActions({ brief }: { brief: BriefView }) {
  const resolve = useResolveBrief();
  const [isWriting, setWriting] = useState(false);
  const answer = (action: string, comment?: string) => resolve.mutate({ id: brief.id, action, comment });

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
        const { key, label } = action;
        const Icon = actionIcon(key);
        return (
          <Button
            key={key}
            size="small"
            variant={variantOf(action, position === 0)}
            busy={resolve.isPending && resolve.variables.action === key}
            onClick={() => (key === 'feedback' ? setWriting(true) : answer(key))}
          >
            {Icon !== undefined && <Icon aria-hidden />} {label}
          </Button>
        );
      })}
    </div>
  );
}
