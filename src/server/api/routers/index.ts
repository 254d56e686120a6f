import { router } from '../trpc';
import { agentRouter } from './agent';
import { briefRouter } from './brief';
import { channelRouter } from './channel';
import { deliveryRouter } from './delivery';
import { documentRouter } from './document';
import { feedRouter } from './feed';
import { inboxApply, inboxRouter } from './inbox';
import { mcpServerRouter } from './mcpServer';
import { modelProviderRouter } from './modelProvider';
import { savedFilterRouter } from './savedFilter';
import { systemRouter } from './system';
import { taskRouter } from './task';
import { watchRouter } from './watch';

export const appRouter = router({
  task: taskRouter,
  brief: briefRouter,
  inbox: inboxRouter,
  // In a router of its own `apply` would be refused, because functions have a method of that name. By its
  // path it is called like any other: `client.inbox.apply.mutate()` of an untyped client,
  // `client['inbox.apply']` of a typed one.
  'inbox.apply': inboxApply,
  channel: channelRouter,
  delivery: deliveryRouter,
  document: documentRouter,
  agent: agentRouter,
  mcpServer: mcpServerRouter,
  modelProvider: modelProviderRouter,
  feed: feedRouter,
  savedFilter: savedFilterRouter,
  system: systemRouter,
  watch: watchRouter,
});

export type AppRouter = typeof appRouter;
