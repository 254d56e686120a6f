import { procedure, router } from '../trpc';
import {
  channelCreateInput,
  channelIdInput,
  channelOfTaskInput,
  channelTaskRulesInput,
  channelUpdateInput,
  findChatsInput,
} from './channelInputs';
import { noInput } from './inputs';

export const channelRouter = router({
  list: procedure.query(({ ctx }) => ctx.container.channels.list(ctx.userId)),

  create: procedure
    .input(channelCreateInput)
    .mutation(({ ctx, input }) => ctx.container.channels.create(ctx.userId, input)),

  update: procedure
    .input(channelUpdateInput)
    .mutation(({ ctx, input }) => ctx.container.channels.update(ctx.userId, input)),

  delete: procedure
    .input(channelIdInput)
    .mutation(({ ctx, input }) => ctx.container.channels.delete(ctx.userId, input.id)),

  test: procedure
    .input(channelIdInput)
    .mutation(({ ctx, input }) => ctx.container.channels.test(ctx.userId, input.id)),

  /** It asks Telegram, so it is no query. */
  findChats: procedure
    .input(findChatsInput)
    .mutation(({ ctx, input }) => ctx.container.bots.findChats(input)),

  /** It makes the keys at the first use, so it is no query. */
  pushKey: procedure.input(noInput).mutation(({ ctx }) => ctx.container.channels.pushKey()),

  ofTask: procedure
    .input(channelOfTaskInput)
    .query(({ ctx, input }) => ctx.container.channels.ofTask(ctx.userId, input.taskId)),

  setForTask: procedure
    .input(channelTaskRulesInput)
    .mutation(({ ctx, input }) =>
      ctx.container.channels.setForTask(ctx.userId, { ...input, task: input.taskId }),
    ),
});
