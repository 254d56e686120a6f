import type { ModelMessage, SystemModelMessage } from 'ai';

/**
 * Where a provider should remember what it has read. Most do so by themselves; Anthropic wants a mark, and
 * the others ignore it. It is no part of what the model reads.
 */
const MARK = { anthropic: { cacheControl: { type: 'ephemeral' } } };

/** The tools come before it, so the mark holds for them too. */
export const markedSystem = (content: string): SystemModelMessage => ({
  role: 'system',
  content,
  providerOptions: MARK,
});

/**
 * Marks the end of the conversation, for the next call, and where it ended at the last call: with many
 * results in between, a provider does not look back as far as there.
 */
export function markedMessages(messages: readonly ModelMessage[]): ModelMessage[] {
  const ends = messages.flatMap(({ role }, place) => (role === 'assistant' ? [] : [place])).slice(-2);
  return messages.map((message, place) =>
    ends.includes(place) ? { ...message, providerOptions: MARK } : message,
  );
}
