'use client';

import { MASK } from '@everbeat/domain';
import { useMutation } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { useTRPC } from '@/lib/trpc/client';
import type { ChannelExtraProps } from './channelForm';

/** Shows which chats have written to the bot, so that nobody has to look for a number. */
export function FindChat({ texts, onText }: ChannelExtraProps) {
  const trpc = useTRPC();
  const find = useMutation(
    trpc.channel.findChats.mutationOptions({ meta: { failed: 'The chats were not found' } }),
  );
  const botToken = texts.botToken?.trim() ?? '';
  const apiUrl = texts.apiUrl?.trim() || undefined;
  if (botToken === MASK) return null;
  return (
    <div className="space-y-2">
      <Button
        size="small"
        busy={find.isPending}
        disabled={botToken === ''}
        onClick={() => find.mutate({ botToken, apiUrl })}
      >
        Find my chat
      </Button>
      <div role="status" className="space-y-1 text-[0.8125rem] text-muted">
        {find.data?.problem}
        {find.data?.problem === null && find.data.chats.length === 0 && (
          <p>Nobody has written to this bot lately. Write to it in Telegram, then try again.</p>
        )}
        {find.data?.chats.map(({ id, title }) => (
          <Button key={id} size="small" variant="ghost" onClick={() => onText('chatId', id)}>
            Use {title} ({id})
          </Button>
        ))}
      </div>
    </div>
  );
}
