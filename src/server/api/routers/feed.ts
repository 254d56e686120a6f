import { procedure, router } from '../trpc';

export const feedRouter = router({
  get: procedure.query(({ ctx }) => ctx.container.feeds.get(ctx.userId)),
  renew: procedure.mutation(({ ctx }) => ctx.container.feeds.renew(ctx.userId)),
  revoke: procedure.mutation(({ ctx }) => ctx.container.feeds.revoke(ctx.userId)),
});
