import { procedure, router } from '../trpc';
import { deliveryIdInput, deliveryListInput } from './channelInputs';

export const deliveryRouter = router({
  list: procedure
    .input(deliveryListInput)
    .query(({ ctx, input }) => ctx.container.channels.deliveries(ctx.userId, input)),

  retry: procedure
    .input(deliveryIdInput)
    .mutation(({ ctx, input }) => ctx.container.channels.retry(ctx.userId, input.id)),
});
