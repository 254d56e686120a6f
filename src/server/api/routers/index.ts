import { router } from '../trpc';
import { agentRouter } from './agent';
import { briefRouter } from './brief';
import { documentRouter } from './document';
import { mcpServerRouter } from './mcpServer';
import { modelProviderRouter } from './modelProvider';
import { systemRouter } from './system';
import { taskRouter } from './task';
import { watchRouter } from './watch';

export const appRouter = router({
  task: taskRouter,
  brief: briefRouter,
  document: documentRouter,
  agent: agentRouter,
  mcpServer: mcpServerRouter,
  modelProvider: modelProviderRouter,
  system: systemRouter,
  watch: watchRouter,
});

export type AppRouter = typeof appRouter;
