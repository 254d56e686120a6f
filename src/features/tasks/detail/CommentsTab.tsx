'use client';

import { LIMITS, readsWords, type TaskDetailView } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { LoadMore } from '@/components/ui/loadMore';
import { ErrorState } from '@/components/ui/states';
import { textDraft } from '@/lib/drafts/drafts';
import { useDraft } from '@/lib/drafts/useDraft';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';
import { byCursor } from '@/lib/trpc/paging';
import { useIsHydrated } from '@/lib/useIsHydrated';
import { Comment } from './Comment';
import { OLDER_PAGE_SIZE, useOlderRows } from './useOlderRows';

interface CommentFormProps {
  taskId: string;
  isRead: boolean;
  restores: boolean;
}

function CommentForm({ taskId, isRead, restores }: CommentFormProps) {
  const trpc = useTRPC();
  const draft = useDraft(`comment:${taskId}`, textDraft, { restores });
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
  const trpc = useTRPC();
  const comments = useOlderRows(
    task.comments,
    task.counts.comments > task.comments.length,
    trpc.task.comments.infiniteQueryOptions({ id: task.id, limit: OLDER_PAGE_SIZE }, byCursor),
  );
  // The form begins anew once the browser may look for a draft.
  const isHydrated = useIsHydrated();
  return (
    <div className="space-y-6">
      <CommentForm
        key={isHydrated ? 'browser' : 'html'}
        taskId={task.id}
        isRead={readsWords(task.agent?.kind ?? null)}
        restores={isHydrated}
      />
      <ul className="divide-y">
        {comments.rows.map((comment) => (
          <Comment key={comment.id} comment={comment} agentName={task.agent?.name ?? 'Agent'} />
        ))}
      </ul>
      {comments.error !== null && (
        <ErrorState
          title="The older comments could not be loaded"
          error={comments.error}
          onRetry={comments.retry}
        />
      )}
      <LoadMore query={comments.older} which="older" what="comments" />
    </div>
  );
}
