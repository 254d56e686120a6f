import { commentContentSchema, type TaskView, taskRefSchema, taskRunSchema } from '@everbeat/domain';
import { z } from 'zod';
import { type ApiContext, procedure, router } from '../trpc';
import {
  dependencyInput,
  interruptInput,
  onEventInput,
  taskCreateInput,
  taskIdInput,
  taskListInput,
  taskPageInput,
  taskUpdateInput,
  transcriptInput,
} from './inputs';
import { trackedEvents } from './taskEvents';

/** One of the lifecycle's acts on a task, which answers the task as it is afterwards. */
const act = (name: 'start' | 'pause' | 'resume' | 'cancel') =>
  procedure.input(taskIdInput).mutation(async ({ ctx, input }): Promise<TaskView> => {
    const { lifecycle, reads } = ctx.container;
    const taskId = await reads.taskId(ctx.userId, input.id);
    await lifecycle[name](ctx.userId, taskId);
    return reads.task(ctx.userId, taskId);
  });

export const taskRouter = router({
  create: procedure
    .input(taskCreateInput)
    .mutation(({ ctx, input }) => ctx.container.tasks.create(ctx.userId, input)),

  update: procedure
    .input(taskUpdateInput)
    .mutation(({ ctx, input }) => ctx.container.tasks.update(ctx.userId, input)),

  list: procedure
    .input(taskListInput)
    .query(({ ctx, input }) => ctx.container.reads.tasks(ctx.userId, input)),

  detail: procedure
    .input(taskIdInput)
    .query(({ ctx, input }) => ctx.container.reads.taskDetail(ctx.userId, input.id)),

  topics: procedure
    .input(taskPageInput)
    .query(({ ctx, input: { id, ...page } }) => ctx.container.reads.topics(ctx.userId, id, page)),

  ticks: procedure
    .input(taskPageInput)
    .query(({ ctx, input: { id, ...page } }) => ctx.container.reads.ticks(ctx.userId, id, page)),

  run: procedure.input(taskRunSchema).mutation(async ({ ctx, input }) => {
    const { reads, runner } = ctx.container;
    const { id, ...options } = input;
    return runner.run(ctx.userId, { taskId: await reads.taskId(ctx.userId, id), ...options });
  }),

  start: act('start'),
  pause: act('pause'),
  resume: act('resume'),
  cancel: act('cancel'),

  delete: procedure.input(taskIdInput).mutation(async ({ ctx, input }) => {
    const id = await ctx.container.reads.taskId(ctx.userId, input.id);
    await ctx.container.lifecycle.delete(ctx.userId, id);
    return { id };
  }),

  comment: procedure
    .input(z.object({ id: taskRefSchema, content: commentContentSchema }))
    .mutation(async ({ ctx, input }) => {
      const taskId = await ctx.container.reads.taskId(ctx.userId, input.id);
      return ctx.container.tasks.comment(ctx.userId, taskId, input.content);
    }),

  addDependency: procedure.input(dependencyInput).mutation(async ({ ctx, input }) => {
    const { taskId, dependsOnId } = await linkOf(ctx, input);
    return ctx.container.tasks.addDependency(ctx.userId, taskId, dependsOnId);
  }),

  removeDependency: procedure.input(dependencyInput).mutation(async ({ ctx, input }) => {
    const { taskId, dependsOnId } = await linkOf(ctx, input);
    return ctx.container.tasks.removeDependency(ctx.userId, taskId, dependsOnId);
  }),

  interrupt: procedure.input(interruptInput).mutation(async ({ ctx, input }) => {
    await ctx.container.lifecycle.interrupt(ctx.userId, input.operationId);
    return ctx.container.reads.operation(ctx.userId, input.operationId);
  }),

  transcript: procedure
    .input(transcriptInput)
    .query(({ ctx, input: { topicId, ...page } }) =>
      ctx.container.reads.transcript(ctx.userId, topicId, page),
    ),

  onEvent: procedure.input(onEventInput).subscription(async ({ ctx, input, path, signal }) => {
    const { feed, reads, logger } = ctx.container;
    const { userId, requestId } = ctx;
    const taskId = input.taskId === undefined ? undefined : await reads.taskId(userId, input.taskId);
    const events = await feed.subscribe({ userId, taskId, lastEventId: input.lastEventId, signal });
    return trackedEvents(events, { logger, requestId, path });
  }),
});

async function linkOf(ctx: ApiContext, input: { id: string; dependsOnId: string }) {
  const { reads } = ctx.container;
  const [taskId, dependsOnId] = await Promise.all([
    reads.taskId(ctx.userId, input.id),
    reads.taskId(ctx.userId, input.dependsOnId),
  ]);
  return { taskId, dependsOnId };
}
