import type { ChannelForm } from '../channelForm';

/** Made on the device itself, by its browser. */
export const push: ChannelForm = {
  lead: 'Shows messages on one device, also while Everbeat is closed.',
  fields: {},
};
