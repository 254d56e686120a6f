import { agentNeedsProcedure, procedure, router } from '../trpc';
import { mcpServerCreateInput, mcpServerIdInput, mcpServerUpdateInput } from './inputs';

export const mcpServerRouter = router({
  list: procedure.query(({ ctx }) => ctx.container.mcpServers.list(ctx.userId)),

  create: procedure
    .input(mcpServerCreateInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.create(ctx.userId, input)),

  update: agentNeedsProcedure
    .input(mcpServerUpdateInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.update(ctx.userId, input)),

  delete: agentNeedsProcedure
    .input(mcpServerIdInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.delete(ctx.userId, input.id)),

  check: agentNeedsProcedure
    .input(mcpServerIdInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.check(ctx.userId, input.id)),
});
