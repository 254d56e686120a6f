import type { AgentReport } from '@everbeat/agents';
import { beginWebhook, endWebhook, findBrief, leaseBot, leaseWebhook, writeSteps } from '@everbeat/database';
import type { TaskCreateInput, TaskView } from '@everbeat/domain';
import type { Api, ApiWorld } from '../support/apiWorld';

const FAILURE = { kind: 'error', errorCode: 'agent_http_500', errorMessage: 'It broke' } as const;
const done = (report: Partial<AgentReport> = {}) =>
  ({ kind: 'done', content: 'Nothing new', ...report }) as const;

const PICTURE = { id: '01900000-0000-7000-8000-00000000a001', bytes: Buffer.from('a picture of the page') };

/**
 * Lets the real services make rows of every kind that the schema knows: each status, mode, trigger, ledger
 * outcome, brief type and agent kind. `record.db.test.ts` checks that none is missing. Two runs are still
 * unfinished at the end, so call `world.agent.release()` before closing the world.
 */
export async function fillDatabase(world: ApiWorld): Promise<void> {
  const { ada: api } = world;
  await api.agent.create({ name: 'Watcher', kind: 'watch', config: { url: 'https://example.com/prices' } });
  await api.agent.create({
    name: 'Assistant',
    kind: 'model',
    config: { model: 'anthropic/claude-sonnet-4-5' },
  });
  // Nobody listens there: it is stored all the same.
  await api.modelProvider.save({ provider: 'openai', apiKey: 'sk-house', baseUrl: 'http://127.0.0.1:9/v1' });
  await api.mcpServer.create({ name: 'tools', transport: 'http', url: 'http://127.0.0.1:9/mcp' });
  await api.agent.create({ name: 'Reviewer', kind: 'command', config: { command: 'review' } });
  await api.feed.renew();
  await api.savedFilter.save({ name: 'Paused', query: 'show=paused' });

  // First: what a channel has told of counts as seen.
  await fillAbsence(world);
  await fillChannels(world);
  await fillRestingTasks(world);
  await fillSettledRuns(world);
  await fillReviews(world);
  await fillGraph(world);
  await fillWithoutMode(world);
  await fillOtherUser(world.bob);
  await fillAnswerLinks(world);
  await world.watchdog.sweep();
  await fillRunning(world);
}

/** News that nobody has read for two weeks. */
async function fillAbsence(world: ApiWorld): Promise<void> {
  const slowed = await started(world, { name: 'Slowed down', heartbeatInterval: 600 });
  const news = { type: 'insight', priority: 'normal', title: 'News', summary: 'It has changed' } as const;
  for (const [days, briefs] of [
    [0, [news]],
    [0, []],
    [14, []],
  ] as const) {
    await world.clock.advance(days * 86_400_000);
    world.agent.next(done({ briefs: [...briefs] }));
    await world.beat(slowed.id);
  }
}

/** A channel, and a task of which it tells otherwise. No server sends its mails: they wait for the digest. */
async function fillChannels(world: ApiWorld): Promise<void> {
  const { ada: api } = world;
  const rules = { 'needs-me': 'digest', failed: 'digest', recovered: 'digest' } as const;
  const mails = { kind: 'email', config: { to: 'ada@example.com' }, rules } as const;
  const { id: channelId } = await api.channel.create(mails);
  const told = await world.createTask({ name: 'Told otherwise' });
  await api.channel.setForTask({ taskId: told.id, channelId, rules: { failed: 'never' } });
}

/** The links of a message that tells of an open brief. */
async function fillAnswerLinks({ ada, answers, userId, database, clock }: ApiWorld): Promise<void> {
  const [open] = (await ada.brief.list({ unresolved: true })).items;
  const brief = open && (await findBrief(database.pool, userId, open.id));
  if (!brief) throw new Error('No brief is open');
  const [channel] = await ada.channel.list();
  if (channel === undefined) throw new Error('There is no channel');
  await answers.linksFor({ userId, channelId: channel.id }, { ...brief, briefId: brief.id });
  // A bot that another process asks.
  const lease = { key: 'a bot', owner: 'another process' };
  const heard = { channelIds: [channel.id], isAnswered: true, problem: null };
  await leaseBot(database.pool, lease, heard, clock.now());
  // One that reports.
  const look = { key: 'another bot', owner: 'a look' };
  await leaseWebhook(database.pool, look, [channel.id], clock.now());
  await beginWebhook(database.pool, look, 'the hash of a secret');
  const reports = { url: 'https://everbeat.example.com/hook', isSet: true, problem: null };
  await endWebhook(database.pool, look, reports, clock.now());
}

/** A heartbeat task by default, armed for now. */
async function started(world: ApiWorld, input: Partial<TaskCreateInput> = {}): Promise<TaskView> {
  const task = await world.createTask(input);
  return world.ada.task.start({ id: task.id });
}

/** Tasks that no run has touched: their statuses come from people and from the rules alone. */
async function fillRestingTasks(world: ApiWorld): Promise<void> {
  const { ada: api } = world;
  await world.createTask({ name: 'In the backlog', priority: 3 });

  const paused = await started(world, { name: 'Paused by a person' });
  await api.task.pause({ id: paused.id });
  await api.task.resume({ id: paused.id });
  await api.task.pause({ id: paused.id });

  const canceled = await started(world, { name: 'Canceled' });
  await api.task.cancel({ id: canceled.id });

  const edited = await started(world, { name: 'Edited' });
  await api.task.update({
    id: edited.id,
    heartbeatInterval: 600,
    config: { pacing: { minSeconds: 60, maxSeconds: 900 } },
  });
  await api.task.comment({ id: edited.id, content: 'Only on workdays, please' });

  const failed = await started(world, { name: 'Failed: its interval was removed by hand' });
  await world.query('update everbeat.tasks set heartbeat_interval = null where id = $1', [failed.id]);
  await world.deliver(failed.id);

  const deleted = await started(world, { name: 'Deleted' });
  world.agent.next(done());
  await world.beat(deleted.id);
  await api.task.delete({ id: deleted.id });

  await started(world, {
    name: 'By cron',
    automationMode: 'schedule',
    heartbeatInterval: null,
    schedulePattern: '0 9 * * 1-5',
    scheduleTimezone: 'Europe/Berlin',
    config: { endAt: '2030-01-01T00:00:00Z', watch: { url: 'https://example.com/news', selector: 'main' } },
  });
}

/** Work that was checked twice and did not pass, so that the person is asked about it. */
async function fillReviews(world: ApiWorld): Promise<void> {
  const config = { review: { requirement: 'It names its sources', maxIterations: 2 } };
  const checked = await started(world, { name: 'Its work is checked', config });
  for (const reason of ['No sources', 'Still none']) {
    world.agent.next(done());
    world.agent.next(done({ verdict: { verdict: 'failed', reasons: [reason] } }));
    await world.beat(checked.id);
    await world.beat(checked.id);
  }
}

/** Each way in which a run ends, and what the task does next. */
async function fillSettledRuns(world: ApiWorld): Promise<void> {
  const { agent, ada: api } = world;

  const steady = await started(world, { name: 'Runs steadily' });
  agent.next(async (request) => {
    await request.prompt();
    request.emit({ role: 'tool', content: 'GET https://example.com/prices' });
    return done({
      title: 'First look',
      memory: { price: 10 },
      comments: ['I will compare with this price'],
      briefs: [
        { type: 'insight', priority: 'normal', title: 'The price is 10', summary: '**10**', key: 'price' },
        { type: 'result', priority: 'info', title: 'A list', summary: '- one' },
      ],
      usage: { inputTokens: 1_200, outputTokens: 300, costUsd: 0.004 },
    });
  });
  await world.beat(steady.id);
  agent.next(
    done({
      briefs: [
        {
          type: 'insight',
          priority: 'info',
          title: 'It changed',
          summary: '+ 11',
          purpose: 'change',
          pictures: [PICTURE.id],
        },
        { type: 'insight', priority: 'normal', title: 'The price is 11', summary: '**11**', key: 'price' },
      ],
      picture: PICTURE,
    }),
  );
  await world.beat(steady.id);
  await api.document.save({ taskId: steady.id, name: 'Prices', content: '- 10\n- 11' });
  agent.next(async () => {
    await api.document.save({ taskId: steady.id, name: 'Prices', content: '- 10\n- 11\n- 12' });
    return done({
      documents: [
        { name: 'Memory', content: 'Ten is cheap' },
        { name: 'Prices', content: 'All new' },
      ],
    });
  });
  await world.beat(steady.id);

  const capped = await started(world, { name: 'Has spent its budget', config: { budget: { perDayUsd: 1 } } });
  agent.next(done({ usage: { costUsd: 0.9 } }));
  await world.beat(capped.id);
  agent.next(done({ usage: { costUsd: 0.2 } }));
  await world.beat(capped.id);
  await world.beat(capped.id);

  const asks = await started(world, { name: 'Waits for a decision' });
  agent.next(
    done({ briefs: [{ type: 'decision', priority: 'urgent', title: 'Buy?', summary: 'It costs 10' }] }),
  );
  await world.beat(asks.id);

  const answered = await started(world, { name: 'Got feedback' });
  agent.next(done({ briefs: [{ type: 'decision', priority: 'urgent', title: 'Sell?', summary: '' }] }));
  await world.beat(answered.id);
  const [question] = await world.briefs(answered.id);
  await api.brief.markRead({ id: question?.id ?? '' });
  await api.brief.resolve({ id: question?.id ?? '', action: 'feedback', comment: 'Not below 12' });
  await world.beat(answered.id);

  const muted = await started(world, { name: 'Muted, with a snoozed brief' });
  agent.next(done({ briefs: [{ type: 'insight', priority: 'normal', title: 'Noise', summary: 'Again' }] }));
  await world.beat(muted.id);
  await api['inbox.apply']({ act: 'snooze', taskId: muted.id, until: 'changes' });
  await api['inbox.apply']({ act: 'mute', taskId: muted.id });

  const fuse = await started(world, { name: 'Its fuse has blown' });
  for (let failures = 1; failures <= 3; failures += 1) {
    agent.next(FAILURE);
    await world.beat(fuse.id);
  }

  const recovered = await started(world, { name: 'Failed once and recovered' });
  agent.next(FAILURE);
  await world.beat(recovered.id);
  await world.beat(recovered.id);

  const met = await started(world, {
    name: 'Completed: the goal is met',
    config: { mayComplete: true },
  });
  agent.next(done({ content: 'There', goalMet: true }));
  await world.beat(met.id);

  const proposed = await started(world, { name: 'Says that its goal is met' });
  agent.next(done({ content: 'There', goalMet: true }));
  await world.beat(proposed.id);

  const reports = await started(world, { name: 'Reports always', config: { report: 'always' } });
  await world.beat(reports.id);

  const counted = await started(world, { name: 'Completed: all its topics have run', maxTopics: 1 });
  await world.beat(counted.id);

  const timedOut = await started(world, { name: 'Timed out', heartbeatInterval: 3_600, heartbeatTimeout: 5 });
  agent.next({ kind: 'accepted', timeoutSeconds: 5 });
  await world.deliver(timedOut.id);
  await world.clock.advance(6_000);
  await world.watchdog.sweep();

  const everyMinute = await started(world, {
    name: 'Every minute',
    automationMode: 'schedule',
    heartbeatInterval: null,
    schedulePattern: '* * * * *',
  });
  await world.beat(everyMinute.id);

  const byHand = await started(world, { name: 'Also run by hand', heartbeatInterval: 3_600 });
  await api.task.run({ id: byHand.id, prompt: 'Look at the red ones' });
  await world.runner.idle();
}

/** A parent with subtasks, and tasks that wait for others. */
async function fillGraph(world: ApiWorld): Promise<void> {
  const { agent, ada: api } = world;
  const parent = await started(world, { name: 'Plans', heartbeatInterval: 3_600 });
  agent.next(
    done({ subtasks: [{ name: 'Ask the harbour', instruction: 'Ask' }, { instruction: 'Write it down' }] }),
  );
  await world.beat(parent.id);

  const starts = await started(world, { name: 'Starts its parts', config: { subtasks: 'start' } });
  agent.next(done({ subtasks: [{ instruction: 'Begin' }] }));
  await world.beat(starts.id);

  const first = await world.createTask({
    name: 'First',
    automationMode: null,
    heartbeatInterval: null,
    parentTaskId: parent.id,
  });
  const second = await world.createTask({
    name: 'After the first',
    automationMode: null,
    heartbeatInterval: null,
  });
  await api.task.addDependency({ id: second.id, dependsOnId: first.id });
  await api.task.run({ id: first.id });
  await world.runner.idle();
  await world.deliver(second.id);

  const whole = await world.createTask({
    name: 'Of one part',
    automationMode: null,
    heartbeatInterval: null,
  });
  const part = await world.createTask({
    name: 'The part',
    automationMode: null,
    heartbeatInterval: null,
    parentTaskId: whole.id,
  });
  await api.task.run({ id: part.id });
  await world.runner.idle();

  const third = await world.createTask({ name: 'Waits for the others' });
  await api.task.addDependency({ id: third.id, dependsOnId: parent.id });

  const givenUp = await world.createTask({ name: 'Given up' });
  const stranded = await world.createTask({ name: 'Waits for what was given up' });
  await api.task.addDependency({ id: stranded.id, dependsOnId: givenUp.id });
  await api.task.cancel({ id: givenUp.id });
}

/** Tasks that run once: one that was approved, one whose result waits, one that was interrupted. */
async function fillWithoutMode(world: ApiWorld): Promise<void> {
  const { agent, ada: api } = world;
  const once = { automationMode: null, heartbeatInterval: null } as const;

  for (const [name, action] of [
    ['Approved', 'approve'],
    ['Sent back', 'feedback'],
    ['Waits for approval', null],
  ] as const) {
    const task = await world.createTask({ name, ...once });
    agent.next(done({ content: 'The report', title: 'Report' }));
    await api.task.run({ id: task.id });
    await world.runner.idle();
    const [brief] = await world.briefs(task.id);
    if (action !== null) await api.brief.resolve({ id: brief?.id ?? '', action, comment: 'Shorter' });
    if (action === 'feedback') await world.deliver(task.id);
  }

  const stopped = await world.createTask({ name: 'Interrupted', ...once });
  agent.hold();
  const { operationId } = await api.task.run({ id: stopped.id });
  await api.task.interrupt({ operationId });
  agent.release();
  await world.runner.idle();
}

async function fillOtherUser(api: Api): Promise<void> {
  const agent = await api.agent.create({ name: 'By HTTP', kind: 'http', config: {} });
  const task = await api.task.create({
    instruction: 'Mind the other shop',
    agentId: agent.id,
    automationMode: 'heartbeat',
    heartbeatInterval: 900,
  });
  await api.task.start({ id: task.id });
}

/**
 * What a process that is stopped in the middle of its work leaves: a run of its own, and one that goes on
 * elsewhere.
 */
async function fillRunning(world: ApiWorld): Promise<void> {
  const { agent } = world;
  const elsewhere = await started(world, { name: 'Runs elsewhere' });
  agent.next({ kind: 'accepted', timeoutSeconds: 600 });
  await world.deliver(elsewhere.id);

  await fillWaiting(world);

  const here = await started(world, { name: 'Runs here' });
  const runsBefore = agent.calls.length;
  agent.hold();
  void world.deliver(here.id);
  await agent.started(runsBefore + 1);
}

/** A run that asks whether it may call a tool, and waits for the answer. */
async function fillWaiting(world: ApiWorld): Promise<void> {
  const { id: taskId } = await started(world, { name: 'Waits for an approval' });
  world.agent.next({ kind: 'accepted', timeoutSeconds: 600 });
  const run = await world.deliver(taskId);
  if (!run.ran) throw new Error(`It was skipped: ${run.reason}`);
  const { operationId, topicId } = run;
  const call = { kind: 'tool', name: 'send_mail', status: 'waiting', policy: 'ask' } as const;
  const step = { ...call, index: 0, input: { to: 'ada@example.com' }, result: null, usage: null };
  const briefId = world.ids.row();
  const steps = [{ ...step, occurrence: `${operationId}:0`, briefId }];
  await writeSteps(world.database.pool, [{ operationId, leaseEpoch: 0, steps }], world.clock.now());
  const question = {
    index: 0,
    title: 'May it call send_mail?',
    summary: 'To ada@example.com',
    actions: [{ key: 'approve', label: 'Approve once' }],
  };
  const { userId } = world;
  await world.lifecycle.park({
    taskId,
    userId,
    operationId,
    topicId,
    leaseEpoch: 0,
    briefId,
    question,
  });
}
