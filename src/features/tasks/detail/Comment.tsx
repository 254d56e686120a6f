'use client';

import { type CommentView, LIMITS } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Pencil, Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Confirm } from '@/components/ui/confirm';
import { Field, Textarea } from '@/components/ui/field';
import { Form } from '@/components/ui/form';
import { Markdown } from '@/components/ui/markdown';
import { RelativeTime } from '@/components/ui/time';
import { useTRPC } from '@/lib/trpc/client';
import { messageOf } from '@/lib/trpc/errors';

function EditComment({ comment, onClose }: { comment: CommentView; onClose: () => void }) {
  const trpc = useTRPC();
  const [content, setContent] = useState(comment.content);
  const edit = useMutation(trpc.task.editComment.mutationOptions({ onSuccess: onClose }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    edit.mutate({ commentId: comment.id, content });
  };
  return (
    <Form onSubmit={submit} className="space-y-2">
      <Field label="Your comment" error={edit.isError ? messageOf(edit.error) : undefined}>
        <Textarea
          autoFocus
          maxLength={LIMITS.commentCharsMax}
          value={content}
          onChange={(event) => setContent(event.target.value)}
        />
      </Field>
      <div className="flex gap-2">
        <Button
          type="submit"
          variant="primary"
          size="small"
          busy={edit.isPending}
          disabled={content.trim() === ''}
        >
          Save
        </Button>
        <Button size="small" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}

/** One comment. What the person has written, they may change and delete. */
export function Comment({ comment, agentName }: { comment: CommentView; agentName: string }) {
  const trpc = useTRPC();
  const [opened, setOpened] = useState<'edit' | 'delete' | null>(null);
  const remove = useMutation(
    trpc.task.deleteComment.mutationOptions({
      onSettled: () => setOpened(null),
      meta: { done: 'The comment was deleted', failed: 'The comment was not deleted' },
    }),
  );
  const isOwn = comment.author === 'user';
  return (
    <li className="space-y-1 py-4">
      <div className="flex items-center justify-between gap-3">
        <p className="text-[0.8125rem] text-muted">
          <span className="font-medium text-ink">{isOwn ? 'You' : agentName}</span>{' '}
          <RelativeTime at={comment.createdAt} />
        </p>
        {isOwn && opened !== 'edit' && (
          <span className="flex">
            <Button
              variant="ghost"
              size="small"
              aria-label="Edit this comment"
              onClick={() => setOpened('edit')}
            >
              <Pencil aria-hidden />
            </Button>
            <Button
              variant="ghost"
              size="small"
              aria-label="Delete this comment"
              onClick={() => setOpened('delete')}
            >
              <Trash2 aria-hidden />
            </Button>
          </span>
        )}
      </div>
      {opened === 'edit' ? (
        <EditComment comment={comment} onClose={() => setOpened(null)} />
      ) : (
        <Markdown text={comment.content} heading="h3" />
      )}
      <Confirm
        open={opened === 'delete'}
        onOpenChange={(open) => setOpened(open ? 'delete' : null)}
        title="Delete this comment?"
        action="Delete comment"
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ commentId: comment.id })}
      >
        Runs that have read it keep it in their transcripts; later runs do not see it.
      </Confirm>
    </li>
  );
}
