'use client';

import type { MessageRole, MessageView } from '@everbeat/domain';
import { useInfiniteQuery } from '@tanstack/react-query';
import { LoadMore } from '@/components/ui/loadMore';
import { Markdown } from '@/components/ui/markdown';
import { ScrollRegion } from '@/components/ui/scrollRegion';
import { ErrorState, ListSkeleton } from '@/components/ui/states';
import { useTRPC } from '@/lib/trpc/client';
import { byCursor } from '@/lib/trpc/paging';

const ROLE_LABELS: Record<MessageRole, string> = { user: 'Prompt', assistant: 'Agent', tool: 'Tool' };

/** Prompts and tool output scroll in their own box, so that the page stays short. */
function Message({ message }: { message: MessageView }) {
  return (
    <li className="grid gap-x-4 gap-y-1 py-3 sm:grid-cols-[4rem_minmax(0,1fr)]">
      <p className="text-[0.8125rem] font-medium text-muted">{ROLE_LABELS[message.role]}</p>
      {message.role === 'assistant' ? (
        <Markdown text={message.content} />
      ) : (
        <ScrollRegion className="max-h-72 overflow-auto rounded-lg bg-sunken px-3 py-2">
          <pre className="text-[0.8125rem] whitespace-pre-wrap">{message.content}</pre>
        </ScrollRegion>
      )}
      {message.note !== null && <p className="text-[0.8125rem] text-muted sm:col-start-2">{message.note}</p>}
    </li>
  );
}

export function Transcript({ topicId, running }: { topicId: string; running: boolean }) {
  const trpc = useTRPC();
  const transcript = useInfiniteQuery(trpc.task.transcript.infiniteQueryOptions({ topicId }, byCursor));
  if (transcript.isPending) return <ListSkeleton rows={2} rowClass="h-12" />;
  if (transcript.isLoadingError) {
    const retry = () => transcript.refetch();
    return <ErrorState title="The transcript could not be loaded" error={transcript.error} onRetry={retry} />;
  }
  const messages = transcript.data.pages.flatMap((page) => page.items);
  return (
    <div className="border-t">
      {messages.length === 0 && (
        <p className="py-3 text-sm text-muted">No messages{running ? ' yet' : ''}.</p>
      )}
      <ol className="divide-y" aria-live={running ? 'polite' : undefined}>
        {messages.map((message) => (
          <Message key={message.id} message={message} />
        ))}
      </ol>
      <LoadMore query={transcript} what="messages" />
    </div>
  );
}
