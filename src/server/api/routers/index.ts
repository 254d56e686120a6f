import { router } from '../trpc';
import { agentRouter } from './agent';
import { briefRouter } from './brief';
import { systemRouter } from './system';
import { taskRouter } from './task';

export const appRouter = router({
  task: taskRouter,
  brief: briefRouter,
  agent: agentRouter,
  system: systemRouter,
});

export type AppRouter = typeof appRouter;
