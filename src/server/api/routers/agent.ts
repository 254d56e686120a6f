import { procedure, router } from '../trpc';
import {
  agentCreateInput,
  agentIdInput,
  agentPreviewInput,
  agentTestInput,
  agentUpdateInput,
} from './inputs';

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

  check: procedure
    .input(agentIdInput)
    .mutation(({ ctx, input }) => ctx.container.agents.check(ctx.userId, input.id)),

  test: procedure
    .input(agentTestInput)
    .mutation(({ ctx, input, signal }) => ctx.container.agents.test(ctx.userId, input, signal)),

  // Not a query: a page of another site could make a browser send those, and so have addresses fetched from
  // here.
  preview: procedure
    .input(agentPreviewInput)
    .mutation(({ ctx, input: { id, watch }, signal }) =>
      ctx.container.agents.preview(ctx.userId, { id, kind: 'watch', settings: watch }, signal),
    ),
});
