import { lazyDialog } from '@/components/ui/lazy';

export const ChannelDialog = lazyDialog(() =>
  import('./ChannelDialog').then((module) => module.ChannelDialog),
);

export const TaskNotifications = lazyDialog(() =>
  import('./TaskNotifications').then((module) => module.TaskNotifications),
);
