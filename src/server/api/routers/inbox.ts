import { procedure, router } from '../trpc';
import { inboxApplyInput, inboxListInput } from './inboxInputs';

export const inboxRouter = router({
  list: procedure
    .input(inboxListInput)
    .query(({ ctx, input }) => ctx.container.inbox.list(ctx.userId, input)),

  /** For the badge, the title of the tab, and the views. */
  counts: procedure.query(({ ctx }) => ctx.container.inbox.counts(ctx.userId)),
});

/** Part of the router `inbox` under a name that tRPC allows no router to have (`routers/index.ts`). */
export const inboxApply = procedure
  .input(inboxApplyInput)
  .mutation(({ ctx, input }) => ctx.container.inbox.apply(ctx.userId, input));
