import type { App } from '../support/app/app';
import type { Target } from './target';

/**
 * The ids of what is in an installation under attack: a task with a finished run, a brief and a comment, and
 * an agent.
 */
export interface Installation {
  taskId: string;
  otherTaskId: string;
  agentId: string;
  topicId: string;
  operationId: string;
  briefId: string;
  mcpServerId: string;
  channelId: string;
  deliveryId: string;
  commentId: string;
}

export async function fillInstallation({ app }: Target, agentUrl: string): Promise<Installation> {
  const { trpc } = app;
  const { id: agentId } = await trpc.agent.create.mutate({
    name: 'Fake agent',
    kind: 'http',
    config: { url: agentUrl },
  });
  const create = async (name: string) =>
    (await trpc.task.create.mutate({ name, instruction: name, agentId })).id;
  const [taskId, otherTaskId] = [await create('The first'), await create('The other')];
  const comment = await trpc.task.comment.mutate({ id: taskId, content: 'Said before' });
  await trpc.document.save.mutate({ taskId, name: 'Report', content: 'Two ships' });
  const server = { name: 'tools', transport: 'http', url: 'http://127.0.0.1:9/mcp' } as const;
  const { id: mcpServerId } = await trpc.mcpServer.create.mutate(server);
  const hook = { url: 'http://127.0.0.1:9/hook', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' };
  const rules = { change: 'at-once', 'good-to-know': 'at-once' } as const;
  const { id: channelId } = await trpc.channel.create.mutate({ kind: 'webhook', config: hook, rules });
  const { topicId, operationId } = await trpc.task.run.mutate({ id: taskId });
  const { briefs } = await app.task(taskId, 'its brief', (task) => task.briefs.length > 0);
  const [brief] = briefs;
  const [delivery] = (await trpc.delivery.list.query({ channelId })).items;
  return {
    taskId,
    otherTaskId,
    agentId,
    topicId,
    operationId,
    briefId: brief?.id ?? '',
    mcpServerId,
    channelId,
    deliveryId: delivery?.id ?? '',
    commentId: comment.id,
  };
}

/** A valid input for each procedure. A test fails if a procedure is missing here. */
export const goodInputs = (own: Installation): Record<string, unknown> => ({
  'task.create': { instruction: 'Count', agentId: own.agentId },
  'task.update': { id: own.otherTaskId, name: 'Renamed' },
  'task.list': {},
  'task.detail': { id: own.taskId },
  'task.look': { id: own.taskId },
  'task.run': { id: own.otherTaskId },
  'task.start': { id: own.otherTaskId },
  'task.pause': { id: own.otherTaskId },
  'task.resume': { id: own.otherTaskId },
  'task.runSubtasks': { id: own.otherTaskId },
  'task.cancel': { id: own.otherTaskId },
  'task.delete': { id: own.otherTaskId },
  'task.comment': { id: own.taskId, content: 'Said' },
  'task.editComment': { commentId: own.commentId, content: 'Said anew' },
  'task.deleteComment': { commentId: own.commentId },
  'task.comments': { id: own.taskId },
  'task.dependents': { id: own.taskId },
  'task.activities': { id: own.taskId },
  'task.topic': { id: own.taskId, number: 1 },
  'task.addDependency': { id: own.taskId, dependsOnId: own.otherTaskId },
  'task.removeDependency': { id: own.taskId, dependsOnId: own.otherTaskId },
  'task.interrupt': { operationId: own.operationId },
  'task.ticks': { id: own.taskId },
  'task.topics': { id: own.taskId },
  'task.folder': { id: own.taskId },
  'task.steps': { operationId: own.operationId },
  'task.timeline': { topicId: own.topicId },
  'task.reviews': { topicId: own.topicId },
  'task.transcript': { topicId: own.topicId },
  'task.onEvent': { taskId: own.taskId },
  'brief.list': {},
  'brief.resolve': { id: own.briefId, action: 'feedback', comment: 'Again' },
  'brief.get': { id: own.briefId },
  'brief.markRead': { id: own.briefId },
  'inbox.list': { view: 'waiting', query: 'ships' },
  'inbox.counts': undefined,
  'inbox.apply': { act: 'read', briefIds: [own.briefId] },
  'agent.list': undefined,
  'agent.create': { name: 'New', kind: 'http', config: { url: 'http://127.0.0.1:9/' } },
  'agent.update': { id: own.agentId, name: 'Renamed' },
  'agent.delete': { id: own.agentId },
  'agent.check': { id: own.agentId },
  'agent.test': { id: own.agentId },
  'agent.preview': { watch: { url: 'http://127.0.0.1:9/' } },
  'task.resumeAll': { cause: 'fuse' },
  'modelProvider.list': undefined,
  'modelProvider.save': { provider: 'openai', apiKey: 'sk-1', baseUrl: 'http://127.0.0.1:9/v1' },
  'modelProvider.check': { provider: 'openai', apiKey: 'sk-1', baseUrl: 'http://127.0.0.1:9/v1' },
  'modelProvider.delete': { provider: 'openai' },
  'modelProvider.defaultModel': undefined,
  'modelProvider.setDefault': { model: 'openai/gpt-4o' },
  'modelProvider.prices': undefined,
  'modelProvider.setPrice': {
    model: 'openai/gpt-4o',
    price: { inputPerMillionUsd: 1, outputPerMillionUsd: 2 },
  },
  'document.list': { taskId: own.taskId },
  'document.get': { taskId: own.taskId, name: 'Report' },
  'document.save': { taskId: own.taskId, name: 'Report', content: 'Said' },
  'document.history': { taskId: own.taskId, name: 'Report' },
  'document.restore': { taskId: own.taskId, name: 'Report', version: 1 },
  'mcpServer.list': undefined,
  'mcpServer.create': { name: 'new', transport: 'http', url: 'http://127.0.0.1:9/mcp' },
  'mcpServer.update': { id: own.mcpServerId, name: 'renamed' },
  'mcpServer.check': { id: own.mcpServerId },
  'mcpServer.delete': { id: own.mcpServerId },
  'channel.list': undefined,
  'channel.create': { kind: 'email', config: { to: 'ada@example.com' } },
  'channel.update': {
    id: own.channelId,
    name: 'Renamed',
    config: { url: 'http://127.0.0.1:9/', secret: '' },
  },
  'channel.test': { id: own.channelId },
  'channel.pushKey': undefined,
  'channel.findChats': { botToken: '123456:AAbotbotbotbotbotbotbot', apiUrl: 'http://127.0.0.1:9' },
  'channel.ofTask': { taskId: own.taskId },
  'channel.setForTask': { taskId: own.taskId, channelId: own.channelId, rules: { change: 'never' } },
  'channel.delete': { id: own.channelId },
  'delivery.list': { channelId: own.channelId },
  'delivery.retry': { id: own.deliveryId },
  'watch.undoImport': { ids: [own.otherTaskId] },
  'feed.get': undefined,
  'feed.renew': undefined,
  'feed.revoke': undefined,
  'savedFilter.list': undefined,
  'savedFilter.save': { name: 'Paused', query: 'show=paused' },
  'savedFilter.remove': { name: 'Paused' },
  'system.overview': undefined,
  'system.recentDays': undefined,
  'system.status': undefined,
  'task.spend': { id: own.taskId },
  'system.spend': {},
  'system.budget': undefined,
  'system.setBudget': { budget: { perMonthUsd: 100 } },
});

/** All that the API and the pages show of an installation, as one text. */
export async function everythingShown({ url, trpc }: App): Promise<string> {
  const results: unknown[] = [
    await trpc.system.status.query(),
    await trpc.agent.list.query(),
    await trpc.modelProvider.list.query(),
    await trpc.mcpServer.list.query(),
    await trpc.channel.list.query(),
    await trpc.delivery.list.query({ limit: 100 }),
    await trpc.brief.list.query({ limit: 100 }),
  ];
  const paths = [
    '/',
    '/tasks',
    '/agents',
    '/system',
    '/settings/models',
    '/settings/servers',
    '/settings/budget',
    '/missing',
  ];
  for (const { id, identifier } of (await trpc.task.list.query({ limit: 100 })).items) {
    const detail = await trpc.task.detail.query({ id });
    results.push(detail);
    for (const { id: topicId } of detail.topics) {
      results.push(await trpc.task.transcript.query({ topicId, limit: 100 }));
      results.push(await trpc.task.timeline.query({ topicId }));
    }
    for (const { name } of detail.documents)
      results.push(await trpc.document.get.query({ taskId: id, name }));
    paths.push(`/tasks/${identifier}`);
  }
  const pages = await Promise.all(paths.map(async (path) => (await fetch(`${url}${path}`)).text()));
  return [JSON.stringify(results), ...pages].join('\n');
}
