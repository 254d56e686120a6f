import { procedure, router } from '../trpc';
import { mcpServerCreateInput, mcpServerIdInput, mcpServerUpdateInput } from './inputs';

export const mcpServerRouter = router({
  list: procedure.query(({ ctx }) => ctx.container.mcpServers.list(ctx.userId)),

  create: procedure
    .input(mcpServerCreateInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.create(ctx.userId, input)),

  update: procedure
    .input(mcpServerUpdateInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.update(ctx.userId, input)),

  delete: procedure
    .input(mcpServerIdInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.delete(ctx.userId, input.id)),

  check: procedure
    .input(mcpServerIdInput)
    .mutation(({ ctx, input }) => ctx.container.mcpServers.check(ctx.userId, input.id)),
});
