import type { ChannelKind } from '@everbeat/domain';
import type { ChannelForm } from '../channelForm';
import { discord } from './discord';
import { email } from './email';
import { ntfy } from './ntfy';
import { push } from './push';
import { slack } from './slack';
import { telegram } from './telegram';
import { webhook } from './webhook';

/** The form of every kind of channel. */
export const CHANNEL_FORMS: Readonly<Record<ChannelKind, ChannelForm>> = {
  email,
  webhook,
  slack,
  discord,
  telegram,
  ntfy,
  push,
};
