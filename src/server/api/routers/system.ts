import { procedure, router } from '../trpc';

export const systemRouter = router({
  overview: procedure.query(({ ctx }) => ctx.container.system.overview(ctx.userId)),
  status: procedure.query(({ ctx }) => ctx.container.system.status(ctx.userId)),
});
