import { procedure, router } from '../trpc';
import { noInput } from './inputs';

export const feedRouter = router({
  get: procedure.query(({ ctx }) => ctx.container.feeds.get(ctx.userId)),
  renew: procedure.input(noInput).mutation(({ ctx }) => ctx.container.feeds.renew(ctx.userId)),
  revoke: procedure.input(noInput).mutation(({ ctx }) => ctx.container.feeds.revoke(ctx.userId)),
});
