import { procedure, router } from '../trpc';
import { budgetInput, spendInput } from './inputs';

export const systemRouter = router({
  overview: procedure.query(({ ctx }) => ctx.container.system.overview(ctx.userId)),
  recentDays: procedure.query(({ ctx }) => ctx.container.system.recentDays(ctx.userId)),
  status: procedure.query(({ ctx }) => ctx.container.system.status(ctx.userId)),

  spend: procedure
    .input(spendInput)
    .query(({ ctx, input }) => ctx.container.spend.ofEverything(ctx.userId, input)),
  budget: procedure.query(({ ctx }) => ctx.container.spend.budget(ctx.userId)),
  setBudget: procedure
    .input(budgetInput)
    .mutation(({ ctx, input }) => ctx.container.spend.setBudget(ctx.userId, input)),
});
