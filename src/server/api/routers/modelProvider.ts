import { agentNeedsProcedure, procedure, router } from '../trpc';
import { defaultModelInput, modelPriceInput, modelProviderIdInput, modelProviderInput } from './inputs';

export const modelProviderRouter = router({
  list: procedure.query(({ ctx }) => ctx.container.models.list(ctx.userId)),

  save: agentNeedsProcedure
    .input(modelProviderInput)
    .mutation(({ ctx, input }) => ctx.container.models.save(ctx.userId, input)),

  delete: agentNeedsProcedure
    .input(modelProviderIdInput)
    .mutation(({ ctx, input }) => ctx.container.models.delete(ctx.userId, input.provider)),

  check: procedure
    .input(modelProviderInput)
    .mutation(({ ctx, input }) => ctx.container.models.check(ctx.userId, input)),

  defaultModel: procedure.query(({ ctx }) => ctx.container.models.defaultModel(ctx.userId)),

  setDefault: agentNeedsProcedure
    .input(defaultModelInput)
    .mutation(({ ctx, input }) => ctx.container.models.setDefault(ctx.userId, input.model)),

  prices: procedure.query(({ ctx }) => ctx.container.models.prices(ctx.userId)),

  setPrice: procedure
    .input(modelPriceInput)
    .mutation(({ ctx, input }) => ctx.container.models.setPrice(ctx.userId, input.model, input.price)),
});
