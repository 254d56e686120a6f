import { procedure, router } from '../trpc';
import { undoImportInput } from './inputs';

export const watchRouter = router({
  undoImport: procedure.input(undoImportInput).mutation(async ({ ctx, input }) => ({
    deleted: await ctx.container.transfer.undo(ctx.userId, input.ids),
  })),
});
