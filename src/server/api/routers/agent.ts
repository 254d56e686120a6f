import { procedure, router } from '../trpc';
import { agentCreateInput, agentIdInput, agentTestInput, agentUpdateInput } from './inputs';

export const agentRouter = router({
  list: procedure.query(({ ctx }) => ctx.container.agents.list(ctx.userId)),

  create: procedure
    .input(agentCreateInput)
    .mutation(({ ctx, input }) => ctx.container.agents.create(ctx.userId, input)),

  update: procedure
    .input(agentUpdateInput)
    .mutation(({ ctx, input }) => ctx.container.agents.update(ctx.userId, input)),

  delete: procedure
    .input(agentIdInput)
    .mutation(({ ctx, input }) => ctx.container.agents.delete(ctx.userId, input.id)),

  test: procedure
    .input(agentTestInput)
    .mutation(({ ctx, input, signal }) => ctx.container.agents.test(ctx.userId, input, signal)),
});
