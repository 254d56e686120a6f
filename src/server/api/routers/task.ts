import {
  commentContentSchema,
  LIMITS,
  storableTextSchema,
  type TaskView,
  taskRunSchema,
} from '@everbeat/domain';
import { z } from 'zod';
import { procedure, router } from '../trpc';
import {
  activitiesInput,
  commentInput,
  dependencyInput,
  onEventInput,
  operationInput,
  pageInput,
  resumeAllInput,
  taskCreateInput,
  taskIdInput,
  taskListInput,
  taskSpendInput,
  taskUpdateInput,
  timelineInput,
  topicInput,
  topicNumberInput,
  transcriptInput,
} from './inputs';
import { openEvents, trackedEvents } from './taskEvents';

/**
 * A procedure on the task that `id`, an id or an identifier, names; the context has its id.
 * @throws AppError `task-not-found`
 */
const taskProcedure = procedure.input(taskIdInput).use(async ({ ctx, input, next }) => {
  const taskId = await ctx.container.reads.taskId(ctx.userId, input.id);
  return next({ ctx: { taskId } });
});

/** The same for what a person does with the task, which is a look at it as well (PROTOCOL §4.5). */
const actProcedure = taskProcedure.use(async ({ ctx, next }) => {
  await ctx.container.lifecycle.look(ctx.userId, { taskIds: [ctx.taskId] });
  return next();
});

/** A change of the task's status; returns the task as it is afterwards. */
const act = (name: 'start' | 'resume' | 'cancel') =>
  actProcedure.mutation(async ({ ctx: { container, userId, taskId } }): Promise<TaskView> => {
    if (name !== 'cancel') await container.readiness.assertMayStart(userId, taskId, 'loop');
    await container.lifecycle[name](userId, taskId);
    return container.reads.task(userId, taskId);
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

  detail: taskProcedure.query(({ ctx }) => ctx.container.reads.taskDetail(ctx.userId, ctx.taskId)),

  /** The person looks at the task. A page calls it, because to read a task may be a program's doing. */
  look: actProcedure.mutation(({ ctx }) => ctx.container.reads.task(ctx.userId, ctx.taskId)),

  topics: taskProcedure
    .input(pageInput)
    .query(({ ctx, input }) => ctx.container.reads.topics(ctx.userId, ctx.taskId, input)),

  topic: taskProcedure
    .input(topicNumberInput)
    .query(({ ctx, input }) => ctx.container.reads.topic(ctx.userId, ctx.taskId, input.number)),

  comments: taskProcedure
    .input(pageInput)
    .query(({ ctx, input }) => ctx.container.reads.comments(ctx.userId, ctx.taskId, input)),

  activities: taskProcedure
    .input(activitiesInput)
    .query(({ ctx, input }) => ctx.container.reads.activities(ctx.userId, ctx.taskId, input)),

  ticks: taskProcedure
    .input(pageInput)
    .query(({ ctx, input }) => ctx.container.reads.ticks(ctx.userId, ctx.taskId, input)),

  run: actProcedure
    .input(taskRunSchema)
    .mutation(async ({ ctx: { container, userId, taskId }, input: { id, ...options } }) => {
      await container.readiness.assertMayStart(userId, taskId, 'run');
      return container.runner.run(userId, { taskId, ...options });
    }),

  start: act('start'),
  pause: actProcedure
    .input(z.object({ reason: storableTextSchema(LIMITS.pausedReasonCharsMax).trim().optional() }))
    .mutation(async ({ ctx: { container, userId, taskId }, input }): Promise<TaskView> => {
      await container.lifecycle.pause(userId, taskId, input.reason);
      return container.reads.task(userId, taskId);
    }),
  resume: act('resume'),
  resumeAll: procedure
    .input(resumeAllInput)
    .mutation(({ ctx, input }) => ctx.container.lifecycle.resumeAll(ctx.userId, input)),
  runSubtasks: actProcedure.mutation(({ ctx }) =>
    ctx.container.lifecycle.runSubtasks(ctx.userId, ctx.taskId),
  ),
  cancel: act('cancel'),

  delete: taskProcedure.mutation(async ({ ctx: { container, userId, taskId } }) => {
    await container.lifecycle.delete(userId, taskId);
    return { id: taskId };
  }),

  comment: actProcedure
    .input(z.object({ content: commentContentSchema }))
    .mutation(({ ctx, input }) => ctx.container.tasks.comment(ctx.userId, ctx.taskId, input.content)),

  editComment: procedure
    .input(commentInput.extend({ content: commentContentSchema }))
    .mutation(({ ctx, input }) => ctx.container.tasks.editComment(ctx.userId, input)),

  deleteComment: procedure
    .input(commentInput)
    .mutation(({ ctx, input }) => ctx.container.tasks.deleteComment(ctx.userId, input.commentId)),

  addDependency: actProcedure.input(dependencyInput).mutation(async ({ ctx, input }) => {
    const { tasks, reads } = ctx.container;
    const dependsOnId = await reads.taskId(ctx.userId, input.dependsOnId);
    return tasks.addDependency(ctx.userId, ctx.taskId, dependsOnId);
  }),

  removeDependency: actProcedure.input(dependencyInput).mutation(async ({ ctx, input }) => {
    const { tasks, reads } = ctx.container;
    const dependsOnId = await reads.taskId(ctx.userId, input.dependsOnId);
    return tasks.removeDependency(ctx.userId, ctx.taskId, dependsOnId);
  }),

  dependents: taskProcedure
    .input(pageInput)
    .query(({ ctx, input }) => ctx.container.reads.dependents(ctx.userId, ctx.taskId, input)),

  folder: taskProcedure.query(({ ctx }) => ctx.container.workspaces.describe(ctx.taskId)),

  interrupt: procedure.input(operationInput).mutation(async ({ ctx, input }) => {
    await ctx.container.lifecycle.interrupt(ctx.userId, input.operationId);
    return ctx.container.reads.operation(ctx.userId, input.operationId);
  }),

  steps: procedure
    .input(operationInput)
    .query(({ ctx, input }) => ctx.container.reads.steps(ctx.userId, input.operationId)),

  timeline: procedure
    .input(timelineInput)
    .query(({ ctx, input: { topicId, ...page } }) => ctx.container.reads.timeline(ctx.userId, topicId, page)),

  reviews: procedure
    .input(topicInput)
    .query(({ ctx, input }) => ctx.container.reads.reviews(ctx.userId, input.topicId)),
  spend: taskProcedure
    .input(taskSpendInput)
    .query(({ ctx, input: { from, to } }) =>
      ctx.container.spend.ofTask(ctx.userId, ctx.taskId, { from, to }),
    ),

  transcript: procedure
    .input(transcriptInput)
    .query(({ ctx, input: { topicId, ...page } }) =>
      ctx.container.reads.transcript(ctx.userId, topicId, page),
    ),

  // Over HTTP, `eventStream.ts` serves it.
  onEvent: procedure.input(onEventInput).subscription(async ({ ctx, input, path, signal }) => {
    const { logger } = ctx.container;
    return trackedEvents(await openEvents(ctx, input, signal), { logger, requestId: ctx.requestId, path });
  }),
});
