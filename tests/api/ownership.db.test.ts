import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRouter } from '@/server/api/routers';
import { type Api, type ApiWorld, createApiWorld, refusalOf } from '../support/apiWorld';
import { createOutbox } from '../support/outbox';

/** Ids of Ada's rows, which another user tries to use. */
interface Belongings {
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

let world: ApiWorld;
let hers: Belongings;

beforeAll(async () => {
  world = await createApiWorld({ sender: createOutbox().sender });
  world.agent.default({
    kind: 'done',
    content: 'Done',
    briefs: [{ type: 'decision', priority: 'normal', title: 'Which one?', summary: 'A or B' }],
  });
  const channel = await world.ada.channel.create({ kind: 'email', config: { to: 'ada@example.com' } });
  const task = await world.createTask();
  const other = await world.createTask();
  const run = await world.ada.task.run({ id: task.id });
  await world.runner.idle();
  await world.deliveries.idle();
  const [brief] = (await world.ada.brief.list({ taskId: task.id })).items;
  await world.ada.task.addDependency({ id: other.id, dependsOnId: task.id });
  await world.ada.document.save({ taskId: task.id, name: 'Report', content: 'Hers' });
  await world.ada.modelProvider.save({
    provider: 'openrouter',
    apiKey: 'sk-hers',
    baseUrl: 'http://127.0.0.1:9/v1',
  });
  const comment = await world.ada.task.comment({ id: task.id, content: 'Hers' });
  const server = await world.ada.mcpServer.create({
    name: 'hers',
    transport: 'http',
    url: 'https://mcp.invalid/',
  });
  const [delivery] = (await world.ada.delivery.list()).items;
  hers = {
    taskId: task.id,
    otherTaskId: other.id,
    agentId: task.agentId ?? '',
    topicId: run.topicId,
    operationId: run.operationId,
    briefId: brief?.id ?? '',
    mcpServerId: server.id,
    channelId: channel.id,
    deliveryId: delivery?.id ?? '',
    commentId: comment.id,
  };
});
afterAll(() => world.close());

/** Every way to name another user's row in the input of a procedure. */
const ATTEMPTS: Record<string, ((api: Api, row: Belongings) => Promise<unknown>)[]> = {
  'task.create': [
    (api, { taskId }) => api.task.create({ instruction: 'x', parentTaskId: taskId }),
    (api, { agentId }) => api.task.create({ instruction: 'x', agentId }),
  ],
  'task.update': [
    (api, { taskId }) => api.task.update({ id: taskId, name: 'Mine now' }),
    async (api, { taskId }) => api.task.update({ id: await ownTask(api), parentTaskId: taskId }),
    async (api, { agentId }) => api.task.update({ id: await ownTask(api), agentId }),
  ],
  'task.list': [(api, { taskId }) => api.task.list({ parentTaskId: taskId })],
  'task.detail': [(api, { taskId }) => api.task.detail({ id: taskId })],
  'task.look': [(api, { taskId }) => api.task.look({ id: taskId })],
  'task.topics': [(api, { taskId }) => api.task.topics({ id: taskId })],
  'task.ticks': [(api, { taskId }) => api.task.ticks({ id: taskId })],
  'task.run': [
    (api, { taskId }) => api.task.run({ id: taskId }),
    async (api, { topicId }) => api.task.run({ id: await ownTask(api), continueTopicId: topicId }),
  ],
  'task.start': [(api, { taskId }) => api.task.start({ id: taskId })],
  'task.pause': [(api, { taskId }) => api.task.pause({ id: taskId })],
  'task.resume': [(api, { taskId }) => api.task.resume({ id: taskId })],
  'task.runSubtasks': [(api, { taskId }) => api.task.runSubtasks({ id: taskId })],
  'task.cancel': [(api, { taskId }) => api.task.cancel({ id: taskId })],
  'task.delete': [(api, { taskId }) => api.task.delete({ id: taskId })],
  'task.comment': [(api, { taskId }) => api.task.comment({ id: taskId, content: 'Hello' })],
  'task.comments': [(api, { taskId }) => api.task.comments({ id: taskId })],
  'task.dependents': [(api, { taskId }) => api.task.dependents({ id: taskId })],
  'task.activities': [(api, { taskId }) => api.task.activities({ id: taskId })],
  'task.topic': [(api, { taskId }) => api.task.topic({ id: taskId, number: 1 })],
  'task.editComment': [(api, { commentId }) => api.task.editComment({ commentId, content: 'Mine now' })],
  'task.deleteComment': [(api, { commentId }) => api.task.deleteComment({ commentId })],
  'task.addDependency': [
    (api, { taskId, otherTaskId }) => api.task.addDependency({ id: taskId, dependsOnId: otherTaskId }),
    async (api, { taskId }) => api.task.addDependency({ id: await ownTask(api), dependsOnId: taskId }),
    async (api, { taskId }) => api.task.addDependency({ id: taskId, dependsOnId: await ownTask(api) }),
  ],
  'task.removeDependency': [
    (api, { taskId, otherTaskId }) => api.task.removeDependency({ id: otherTaskId, dependsOnId: taskId }),
  ],
  'task.interrupt': [(api, { operationId }) => api.task.interrupt({ operationId })],
  'task.folder': [(api, { taskId }) => api.task.folder({ id: taskId })],
  'task.spend': [(api, { taskId }) => api.task.spend({ id: taskId })],
  'task.steps': [(api, { operationId }) => api.task.steps({ operationId })],
  'task.timeline': [(api, { topicId }) => api.task.timeline({ topicId })],
  'task.reviews': [(api, { topicId }) => api.task.reviews({ topicId })],
  'task.transcript': [(api, { topicId }) => api.task.transcript({ topicId })],
  'task.onEvent': [(api, { taskId }) => api.task.onEvent({ taskId })],
  'brief.list': [(api, { taskId }) => api.brief.list({ taskId })],
  'brief.resolve': [(api, { briefId }) => api.brief.resolve({ id: briefId, action: 'acknowledge' })],
  'brief.get': [(api, { briefId }) => api.brief.get({ id: briefId })],
  'brief.markRead': [(api, { briefId }) => api.brief.markRead({ id: briefId })],
  'inbox.list': [(api, { taskId }) => api.inbox.list({ view: 'waiting', taskId })],
  'inbox.apply': [
    (api, { briefId }) => api['inbox.apply']({ act: 'done', briefIds: [briefId] }),
    (api, { briefId }) => api['inbox.apply']({ act: 'mute', briefIds: [briefId] }),
    (api, { taskId }) => api['inbox.apply']({ act: 'read', taskId }),
    (api, { taskId }) => api['inbox.apply']({ act: 'mute', taskId }),
  ],
  'document.list': [(api, { taskId }) => api.document.list({ taskId })],
  'document.get': [(api, { taskId }) => api.document.get({ taskId, name: 'Report' })],
  'document.save': [(api, { taskId }) => api.document.save({ taskId, name: 'Report', content: 'Mine' })],
  'document.history': [(api, { taskId }) => api.document.history({ taskId, name: 'Report' })],
  'document.restore': [(api, { taskId }) => api.document.restore({ taskId, name: 'Report', version: 1 })],
  'channel.update': [(api, { channelId }) => api.channel.update({ id: channelId, name: 'Mine now' })],
  'channel.delete': [(api, { channelId }) => api.channel.delete({ id: channelId })],
  'channel.test': [(api, { channelId }) => api.channel.test({ id: channelId })],
  'channel.ofTask': [(api, { taskId }) => api.channel.ofTask({ taskId })],
  'channel.setForTask': [
    (api, { taskId, channelId }) => api.channel.setForTask({ taskId, channelId, rules: {} }),
    async (api, { channelId }) =>
      api.channel.setForTask({ taskId: await ownTask(api), channelId, rules: { change: 'never' } }),
  ],
  'delivery.list': [
    (api, { channelId }) => api.delivery.list({ channelId }),
    (api, { briefId }) => api.delivery.list({ briefId }),
  ],
  'delivery.retry': [(api, { deliveryId }) => api.delivery.retry({ id: deliveryId })],
  'watch.undoImport': [
    (api, { taskId, otherTaskId }) => api.watch.undoImport({ ids: [taskId, otherTaskId] }),
  ],
  'agent.update': [(api, { agentId }) => api.agent.update({ id: agentId, name: 'Mine now' })],
  'agent.delete': [(api, { agentId }) => api.agent.delete({ id: agentId })],
  'modelProvider.check': [(api) => api.modelProvider.check({ provider: 'openrouter' })],
  'modelProvider.delete': [(api) => api.modelProvider.delete({ provider: 'openrouter' })],
  'agent.check': [(api, { agentId }) => api.agent.check({ id: agentId })],
  'agent.test': [(api, { agentId }) => api.agent.test({ id: agentId })],
  'mcpServer.update': [(api, { mcpServerId }) => api.mcpServer.update({ id: mcpServerId, name: 'mine' })],
  'mcpServer.delete': [(api, { mcpServerId }) => api.mcpServer.delete({ id: mcpServerId })],
  'mcpServer.check': [(api, { mcpServerId }) => api.mcpServer.check({ id: mcpServerId })],
  'agent.preview': [(api, { agentId }) => api.agent.preview({ id: agentId, watch: {} })],
};

/** Procedures whose input names no row. The last test below shows that they return only one's own rows. */
const WITHOUT_IDS = [
  'inbox.counts',
  'agent.list',
  'agent.create',
  'channel.list',
  'channel.create',
  'channel.pushKey',
  'channel.findChats',
  'mcpServer.list',
  'mcpServer.create',
  'modelProvider.list',
  'modelProvider.save',
  'modelProvider.defaultModel',
  'modelProvider.setDefault',
  'modelProvider.prices',
  'modelProvider.setPrice',
  'system.overview',
  'system.recentDays',
  'system.status',
  'system.spend',
  'system.budget',
  'system.setBudget',
  'task.resumeAll',
  'feed.get',
  'feed.renew',
  'feed.revoke',
  'savedFilter.list',
  'savedFilter.save',
  'savedFilter.remove',
];

const ownTask = async (api: Api): Promise<string> => (await api.task.create({ instruction: 'Own' })).id;

/** Everything of Ada's that another user could have changed. */
const snapshot = () =>
  world.query(
    `select
       (select jsonb_agg(t order by t.id) from everbeat.tasks t where t.user_id = $1) as tasks,
       (select jsonb_agg(b order by b.id) from everbeat.briefs b where b.user_id = $1) as briefs,
       (select jsonb_agg(a order by a.id) from everbeat.agents a where a.user_id = $1) as agents,
       (select jsonb_agg(m order by m.id) from everbeat.mcp_servers m where m.user_id = $1) as servers,
       (select jsonb_agg(c order by c.id) from everbeat.channels c where c.user_id = $1) as channels,
       (select jsonb_agg(r) from everbeat.channel_task_rules r) as rules,
       (select jsonb_agg(d order by d.id) from everbeat.deliveries d) as deliveries,
       (select jsonb_agg(p) from everbeat.model_providers p where p.user_id = $1) as providers,
       (select jsonb_agg(c order by c.id) from everbeat.task_comments c) as comments,
       (select jsonb_agg(d) from everbeat.task_dependencies d) as dependencies,
       (select jsonb_agg(d) from everbeat.task_documents d) as documents,
       (select jsonb_agg(f) from everbeat.feed_tokens f where f.user_id = $1) as feeds,
       (select jsonb_agg(s) from everbeat.saved_filters s where s.user_id = $1) as filters`,
    [world.userId],
  );

describe("another user's rows", () => {
  it('are tried with every procedure', () => {
    const procedures = Object.keys(appRouter._def.procedures);
    expect(procedures.toSorted()).toEqual([...Object.keys(ATTEMPTS), ...WITHOUT_IDS].toSorted());
  });

  it.each(
    Object.entries(ATTEMPTS).flatMap(([name, attempts]) =>
      attempts.map((attempt, index) => ({ name: `${name} (${index + 1})`, attempt })),
    ),
  )('are not found by $name', async ({ attempt }) => {
    const before = await snapshot();

    expect(await refusalOf(attempt(world.bob, hers))).toMatchObject({ code: 'NOT_FOUND' });
    expect(await snapshot()).toEqual(before);
  });

  it('give the same refusals as rows that do not exist', async () => {
    const unknownId = '01900000-0000-7000-8000-000000000000';
    const missing = {
      taskId: unknownId,
      otherTaskId: unknownId,
      agentId: unknownId,
      topicId: unknownId,
      operationId: unknownId,
      briefId: unknownId,
      mcpServerId: unknownId,
      channelId: unknownId,
      deliveryId: unknownId,
      commentId: unknownId,
    };
    for (const attempt of Object.values(ATTEMPTS).flat()) {
      expect(await refusalOf(attempt(world.bob, hers))).toEqual(await refusalOf(attempt(world.bob, missing)));
    }
  });

  it('appear in no list and no count', async () => {
    await world.ada.task.start({ id: hers.taskId }).catch(() => undefined);

    expect(await world.bob.agent.list()).toEqual([]);
    expect(await world.bob.channel.list()).toEqual([]);
    expect((await world.bob.delivery.list()).items).toEqual([]);
    const sources = (await world.bob.modelProvider.list()).map(({ source }) => source);
    expect(sources).not.toContain('stored');
    expect((await world.bob.brief.list()).items).toEqual([]);
    expect((await world.bob.inbox.list({ view: 'waiting', query: 'which' })).items).toEqual([]);
    expect(await world.bob.inbox.counts()).toEqual({ waiting: 0, unread: 0, snoozed: 0 });
    expect((await world.bob.task.list({ query: 'Watch' })).items).toEqual([]);
    expect((await world.bob.task.list({ agentId: hers.agentId })).items).toEqual([]);
    expect(await world.bob.system.status()).toMatchObject({ armed: 0, running: 0 });
    expect((await world.ada.system.status()).armed).toBeGreaterThan(0);
    expect((await world.bob.system.overview()).lastDay.outcomes).toEqual({});
    expect((await world.bob.system.recentDays()).outcomes).toEqual({});
    expect(await world.bob.task.resumeAll({ cause: 'fuse' })).toEqual({
      resumed: 0,
      refused: 0,
      notReady: [],
      more: false,
    });
  });
});
