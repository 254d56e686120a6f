import type { ChannelKind, ChannelView } from '@everbeat/domain';
import { z } from 'zod';
import { readFields, textsOf, withoutEmpty } from '@/features/agents/kindForm';
import { CHANNEL_FORMS } from './kinds';

/** The form of a channel as it is typed. `texts` are by field, shared by the kinds. */
export interface ChannelTexts {
  name: string;
  kind: ChannelKind;
  texts: Record<string, string>;
}

export const channelTextsOf = (channel: ChannelView | null, kind: ChannelKind): ChannelTexts => ({
  name: channel?.name ?? '',
  kind: channel?.kind ?? kind,
  texts: channel === null ? {} : textsOf(CHANNEL_FORMS[channel.kind].fields, channel.config),
});

const configSchema = z.record(z.string(), z.json());

/**
 * What the form sends to the server, and what is wrong with it. Of a channel without a name, the server gives
 * one.
 */
export function readChannelTexts({ name, kind, texts }: ChannelTexts) {
  const { values, problems } = readFields(CHANNEL_FORMS[kind].fields, texts);
  const named = name.trim() === '' ? {} : { name: name.trim() };
  return { input: { ...named, config: configSchema.parse(withoutEmpty(values)) }, problems };
}
