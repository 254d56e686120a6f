import { procedure, router } from '../trpc';
import {
  documentGetInput,
  documentHistoryInput,
  documentListInput,
  documentRestoreInput,
  documentSaveInput,
} from './inputs';

/**
 * A procedure on the documents of the task that `taskId`, an id or an identifier, names; the context has its
 * id.
 * @throws AppError `task-not-found`
 */
const documentProcedure = procedure
  .input(documentListInput.pick({ taskId: true }))
  .use(async ({ ctx, input, next }) => {
    const taskId = await ctx.container.reads.taskId(ctx.userId, input.taskId);
    return next({ ctx: { taskId } });
  });

export const documentRouter = router({
  list: documentProcedure
    .input(documentListInput)
    .query(({ ctx, input }) => ctx.container.documents.list(ctx.userId, ctx.taskId, input.withContent)),

  get: documentProcedure
    .input(documentGetInput)
    .query(({ ctx, input }) => ctx.container.documents.get(ctx.userId, { ...input, taskId: ctx.taskId })),

  save: documentProcedure
    .input(documentSaveInput)
    .mutation(({ ctx, input }) => ctx.container.documents.save(ctx.userId, { ...input, taskId: ctx.taskId })),

  history: documentProcedure
    .input(documentHistoryInput)
    .query(({ ctx, input: { name, ...page } }) =>
      ctx.container.documents.history(ctx.userId, { taskId: ctx.taskId, name }, page),
    ),

  restore: documentProcedure
    .input(documentRestoreInput)
    .mutation(({ ctx, input }) =>
      ctx.container.documents.restore(ctx.userId, { ...input, taskId: ctx.taskId }),
    ),
});
