import { procedure, router } from '../trpc';

export const systemRouter = router({
  status: procedure.query(({ ctx }) => ctx.container.system.status(ctx.userId)),
});
