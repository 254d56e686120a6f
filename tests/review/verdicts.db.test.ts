import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createReviewWorld, failed, PASSED, REQUIREMENT, type ReviewWorld } from './reviewWorld';

let world: ReviewWorld;
beforeAll(async () => {
  world = await createReviewWorld();
});
afterAll(() => world.close());

const review = (more: object = {}) => ({ config: { review: { requirement: REQUIREMENT, ...more } } });

describe('work that is checked', () => {
  test('counts once it has passed: a one-off asks for approval then, and not before', async () => {
    const id = await world.createOneOff();
    world.workerReports({ kind: 'done', content: 'By Ada, 1843', title: 'Sources' });
    await world.runNow(id);

    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { trigger: 'review', review: { phase: 'review', iteration: 1 } },
    });
    expect(await world.briefs(id)).toEqual([]);
    await world.expectSound();

    await world.settleAll(id);
    expect((await world.task(id)).status).toBe('paused');
    const brief = await world.openBrief(id);
    expect(brief).toMatchObject({ purpose: 'approval', title: 'Sources' });
    expect(brief.summary).toContain('By Ada, 1843');
    expect(brief.summary).toContain('It names them');
    expect((await world.task(id)).scheduler.review).toBeUndefined();
    await world.expectSound();
  });

  test('its reviewer reads the requirement, the report and that there is no trace of the work', async () => {
    const id = await world.createOneOff();
    world.workerReports({
      kind: 'done',
      content: 'I asked the harbour master',
      documents: [{ name: 'Ships', content: 'The Fram' }],
    });
    await world.runNow(id);
    await world.settleAll(id);
    const request = world.checks().at(-1);
    expect(request).toMatchObject({ trigger: 'review', memory: null });
    expect(request?.review).toMatchObject({
      requirement: REQUIREMENT,
      iteration: 1,
      maxIterations: 3,
      report: 'I asked the harbour master',
      documents: [{ name: 'Ships', content: 'The Fram' }],
    });
    const prompt = (await request?.prompt()) ?? '';
    expect(prompt).toContain(REQUIREMENT);
    expect(prompt).toContain('I asked the harbour master');
    expect(prompt).toContain('The Fram');
    expect(prompt).toContain('nothing but its own words and the documents shows what it has done');
  });

  test('that did not pass is worked on in the same topic, by an agent that is told what was missing', async () => {
    const id = await world.createOneOff();
    world.reviewerDoes(failed('No source for the second claim'));
    await world.runNow(id);
    await world.settleAll(id);

    const operations = await world.operations(id);
    expect(operations.map(({ trigger }) => trigger)).toEqual(['manual', 'review', 'rework', 'review']);
    expect(new Set(operations.map(({ topic_id }) => topic_id)).size).toBe(1);
    expect(operations.map((operation) => operation.review?.verdict ?? null)).toEqual([
      null,
      'failed',
      null,
      'passed',
    ]);
    const prompt = (await world.work().at(-1)?.prompt()) ?? '';
    expect(prompt).toContain('No source for the second claim');
    expect(prompt).toContain(REQUIREMENT);
    // The reviewer's conversation is its own.
    expect(prompt).not.toContain('You check the work of an agent');
    expect((await world.task(id)).totalTopics).toBe(1);
    await world.expectSound();
  });

  test('that fails as often as it may is asked about, and blocks the next run until it is answered', async () => {
    const id = await world.startTask(review({ maxIterations: 2 }));
    world.reviewerDoes(failed('No sources'), { verdict: 'uncertain', reasons: ['I cannot see its sources'] });
    const runsBefore = world.work().length;
    await world.beat(id);
    await world.settleAll(id);

    expect(world.work().length - runsBefore).toBe(2);
    expect(await world.task(id)).toMatchObject({
      status: 'scheduled',
      scheduler: { tickToken: null, blockedBy: 'urgent-brief', consecutiveFailures: 0 },
    });
    const brief = await world.openBrief(id);
    expect(brief).toMatchObject({ type: 'result', priority: 'urgent', purpose: 'review' });
    expect(brief.actions.map(({ key }) => key)).toEqual(['retry', 'accept', 'feedback']);
    expect(brief.title).toContain('uncertain after 2 tries');
    expect(brief.summary).toContain('I cannot see its sources');
    await world.expectSound();
  });

  test('of an automation goes on beating after it has passed, for twenty beats', async () => {
    const id = await world.startTask(review());
    const runsBefore = world.work().length;
    const checksBefore = world.checks().length;
    for (let beat = 0; beat < 20; beat += 1) {
      await world.beat(id);
      await world.settleAll(id);
      const { status, scheduler } = await world.task(id);
      expect({ status, trigger: scheduler.trigger }).toEqual({ status: 'scheduled', trigger: 'heartbeat' });
      expect(Date.parse(scheduler.dueAt ?? '') - world.clock.now().getTime()).toBe(60_000);
    }
    expect(world.work().length - runsBefore).toBe(20);
    expect(world.checks().length - checksBefore).toBe(20);
    expect((await world.task(id)).totalTopics).toBe(20);
    expect((await world.task(id)).scheduler.automationRuns).toBe(20);
    await world.expectSound();
  });

  test('whose agent asks the person something is not checked: it does not say that it is done', async () => {
    const id = await world.createOneOff();
    world.workerReports({
      kind: 'done',
      content: 'Which of the two?',
      briefs: [{ type: 'decision', priority: 'urgent', title: 'Which?', summary: '' }],
    });
    const checksBefore = world.checks().length;
    await world.runNow(id);
    expect((await world.task(id)).scheduler).toMatchObject({ blockedBy: 'urgent-brief', tickToken: null });
    expect(world.checks().length).toBe(checksBefore);
    await world.expectSound();
  });

  test('says that the goal is met: the person is asked once that has passed', async () => {
    const id = await world.startTask(review());
    world.workerReports({ kind: 'done', content: 'All found', goalMet: true });
    await world.beat(id);
    expect(await world.briefs(id)).toEqual([]);
    await world.settleAll(id);
    expect(await world.openBrief(id)).toMatchObject({ purpose: 'goal' });
    await world.expectSound();
  });

  test('of a subtask unlocks what depends on it once it has passed', async () => {
    const parent = await world.createOneOff({ config: {} });
    const first = await world.createOneOff({ parentTaskId: parent });
    const second = await world.createOneOff({ parentTaskId: parent, config: {} });
    await world.tasks.addDependency(world.userId, second, first);
    await world.runNow(first);
    expect((await world.task(second)).status).toBe('backlog');
    await world.settleAll(first);
    expect((await world.task(first)).status).toBe('completed');
    expect(await world.task(second)).toMatchObject({
      status: 'scheduled',
      scheduler: { trigger: 'dependency' },
    });
    await world.expectSound();
  });

  test('is checked before its loop ends, and the last run of maxTopics too', async () => {
    const id = await world.startTask({ ...review(), maxTopics: 1 });
    world.reviewerDoes(failed('No sources'));
    await world.beat(id);
    await world.settleAll(id);
    expect(await world.task(id)).toMatchObject({ status: 'completed', totalTopics: 1 });
    expect((await world.operations(id)).map(({ trigger }) => trigger)).toEqual([
      'heartbeat',
      'review',
      'rework',
      'review',
    ]);
    await world.expectSound();
  });

  test('shows its checks beside the run, and those of another user to nobody', async () => {
    const id = await world.createOneOff();
    world.reviewerDoes(failed('No sources'), PASSED);
    await world.runNow(id);
    await world.settleAll(id);
    const [operation] = await world.operations(id);
    const reviews = await world.reads.reviews(world.userId, operation?.topic_id ?? '');
    expect(reviews.map(({ result }) => [result?.iteration, result?.verdict])).toEqual([
      [1, 'failed'],
      [2, 'passed'],
    ]);
    await expect(world.reads.reviews('somebody', operation?.topic_id ?? '')).rejects.toThrow('no such topic');
  });

  test('shows its newest checks, however often a reviewer broke before', async () => {
    const id = await world.createOneOff();
    world.reviewerDoes({ kind: 'error', errorCode: 'agent_timeout', errorMessage: 'It took too long' });
    await world.runNow(id);
    await world.settleAll(id);
    const broken = (await world.operations(id)).at(-1);
    await world.query(
      `insert into everbeat.operations select (jsonb_populate_record(o, jsonb_build_object('tick_token', null,
         'id', '00000000-0000-7000-8000-' || lpad(n::text, 12, '0')))).*
       from everbeat.operations o, generate_series(1, 100) n where o.id = $1`,
      [broken?.id],
    );
    await world.beat(id);
    const reviews = await world.reads.reviews(world.userId, broken?.topic_id ?? '');
    expect(reviews).toHaveLength(100);
    expect(reviews.at(-1)?.result?.verdict).toBe('passed');
  });
});
