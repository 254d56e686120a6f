import { lazyDialog } from '@/components/ui/lazy';

export const ChannelDialog = lazyDialog(() =>
  import('./ChannelDialog').then((module) => module.ChannelDialog),
);
