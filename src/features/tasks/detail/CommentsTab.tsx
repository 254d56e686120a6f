'use client';

import { LIMITS, readsWords, type TaskDetailView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { z } from 'zod';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Markdown } from '@/components/ui/markdown';
import { RelativeTime } from '@/components/ui/time';
import { useDraft } from '@/lib/drafts/useDraft';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';

function CommentForm({ taskId, isRead }: { taskId: string; isRead: boolean }) {
  const trpc = useTRPC();
  const draft = useDraft(`comment:${taskId}`, z.string());
  const [content, setContent] = useState(draft.restored ?? '');
  const change = (text: string) => {
    setContent(text);
    if (text.trim() === '') draft.discard();
    else draft.keep(text);
  };
  const comment = useMutation(trpc.task.comment.mutationOptions({ onSuccess: () => change('') }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    comment.mutate({ id: taskId, content });
  };
  return (
    <Form onSubmit={submit} className="space-y-3">
      <Field
        label="Add a comment"
        hint={
          isRead ? 'The agent reads it in its next run.' : 'A note for people: this agent reads no comments.'
        }
        error={comment.isError ? messageOf(comment.error) : undefined}
      >
        <Textarea
          maxLength={LIMITS.commentCharsMax}
          value={content}
          onChange={(event) => change(event.target.value)}
        />
      </Field>
      <Button
        type="submit"
        variant="primary"
        size="small"
        busy={comment.isPending}
        disabled={content.trim() === ''}
      >
        Comment
      </Button>
    </Form>
  );
}

export function CommentsTab({ task }: { task: TaskDetailView }) {
  return (
    <div className="space-y-6">
      <CommentForm taskId={task.id} isRead={readsWords(task.agent?.kind ?? null)} />
      <ul className="divide-y">
        {task.comments.map((comment) => (
          <li key={comment.id} className="space-y-1 py-4">
            <p className="text-[0.8125rem] text-muted">
              <span className="font-medium text-ink">
                {comment.author === 'user' ? 'You' : (task.agent?.name ?? 'Agent')}
              </span>{' '}
              <RelativeTime at={comment.createdAt} />
            </p>
            <Markdown text={comment.content} heading="h3" />
          </li>
        ))}
      </ul>
    </div>
  );
}
