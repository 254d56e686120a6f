import { type Queryable, readReceiving, type StoredChannel } from '@everbeat/database';
import type { ChannelReceiving, Clock } from '@everbeat/domain';
import { type HearingServer, isHeard } from '../receiving/isHeard';

/**
 * How answers come back from the messages of channels, by their ids. Of those that are not in it: by links
 * alone.
 */
export async function receivingOf(
  deps: { pool: Queryable; clock: Clock; isPublic: boolean } & HearingServer,
  channels: readonly StoredChannel[],
): Promise<Map<string, ChannelReceiving>> {
  const { pool, clock, appUrl, isPublic } = deps;
  const found = new Map<string, ChannelReceiving>();
  for (const { id, kind, config } of channels) {
    if (kind !== 'slack' || config.signingSecret === undefined) continue;
    const problem = isPublic ? null : NOT_PUBLIC;
    found.set(id, { isOn: isPublic, problem, requestUrl: `${appUrl}/api/channels/slack/${id}` });
  }
  const ids = channels.filter(({ kind, isEnabled }) => kind === 'telegram' && isEnabled).map(({ id }) => id);
  if (ids.length === 0) return found;
  for (const receiving of await readReceiving(pool, ids)) {
    const { channelId, problem } = receiving;
    found.set(channelId, { isOn: isHeard(receiving, deps, clock.now()), problem, requestUrl: null });
  }
  return found;
}

const NOT_PUBLIC =
  'Slack cannot call this server at its address. Until APP_URL is a public address, its messages have links.';
