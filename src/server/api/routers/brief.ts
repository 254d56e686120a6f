import { procedure, router } from '../trpc';
import { briefIdInput, briefListInput, briefResolveInput } from './inputs';

export const briefRouter = router({
  list: procedure
    .input(briefListInput)
    .query(({ ctx, input }) => ctx.container.reads.briefs(ctx.userId, input)),

  get: procedure
    .input(briefIdInput)
    .query(({ ctx, input }) => ctx.container.reads.brief(ctx.userId, input.id)),

  resolve: procedure.input(briefResolveInput).mutation(async ({ ctx, input }) => {
    const undo = await ctx.container.lifecycle.resolveBrief(ctx.userId, input);
    return { ...(await ctx.container.reads.brief(ctx.userId, input.id)), ...undo };
  }),

  markRead: procedure
    .input(briefIdInput)
    .mutation(({ ctx, input }) => ctx.container.tasks.markBriefRead(ctx.userId, input.id)),
});
