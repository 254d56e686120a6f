import { findExpiredBriefs } from '@everbeat/database';
import type { BriefActionView } from '@everbeat/domain';
import { LIMITS } from '@everbeat/domain';
import { describe, expect, test } from 'vitest';
import { stepsWorldPerTest } from './stepsWorld';

const world = stepsWorldPerTest();

const QUESTION = {
  question: 'Which offer do we take?',
  details: 'The **first** is cheaper.',
  actions: [
    { key: 'first', label: 'The first' },
    { key: 'second', label: 'The second' },
  ],
  recommended: 'second',
};
const HOUR_MS = 3_600_000;

/** A task whose model has asked. `more` is a part of the question. */
async function asked(more: Record<string, unknown> = {}) {
  const taskId = await world().startModelTask();
  world().chat.next({ toolCalls: [{ name: 'ask_person', arguments: { ...QUESTION, ...more } }] });
  world().chat.default({ text: 'All done' });
  const operationId = await world().begin(taskId);
  await world().runner.idle();
  return { taskId, operationId, question: await openQuestion(taskId) };
}

interface Question {
  id: string;
  type: string;
  priority: string;
  title: string;
  summary: string;
  actions: BriefActionView[];
  expiresAt: Date;
  defaultAction: string | null;
}

async function openQuestion(taskId: string): Promise<Question | undefined> {
  const [brief] = await world().query<Question>(
    `select id, type, priority, title, summary, actions, expires_at as "expiresAt", default_action as "defaultAction"
     from everbeat.briefs
     where task_id = $1 and purpose = 'tool' and resolved_at is null`,
    [taskId],
  );
  return brief;
}

async function answer(id: string | undefined, action: string, comment: string | null = null) {
  await world().lifecycle.resolveBrief(world().userId, { id: id ?? '', action, comment });
  await world().runner.idle();
}

/** The result of the question as the model has read it. */
const readByModel = async (request = 2): Promise<string> =>
  JSON.stringify((await world().chat.requested(request)).body);

describe('a model that asks the person', () => {
  test('parks its run with one question, its options, and the one it recommends', async () => {
    const { taskId, operationId, question } = await asked();
    expect(question).toMatchObject({
      type: 'decision',
      priority: 'urgent',
      title: expect.stringContaining('asks: Which offer do we take?'),
      summary: expect.stringContaining('The **first** is cheaper.'),
    });
    expect(question?.actions).toMatchObject([
      { key: 'first', label: 'The first' },
      { key: 'second', label: 'The second', isRecommended: true, style: 'primary' },
      { key: 'decline' },
    ]);
    expect(await world().operations(taskId)).toMatchObject([{ id: operationId, status: 'waiting' }]);
    expect(world().chat.requests).toHaveLength(1);
  });

  test('reads the choice and the words, in the same run, once', async () => {
    const { taskId, operationId, question } = await asked();
    await answer(question?.id, 'second', 'But ask for a discount');
    await answer(question?.id, 'first');

    const read = await readByModel();
    expect(read).toContain('The person chose \\"The second\\" (second). They say: But ask for a discount');
    expect(await world().operations(taskId)).toMatchObject([{ id: operationId, status: 'done' }]);
    expect(await world().steps(operationId)).toMatchObject([
      { kind: 'model', status: 'done' },
      { kind: 'tool', name: 'ask_person', status: 'done' },
      { kind: 'model', status: 'done' },
    ]);
    expect(world().chat.requests).toHaveLength(2);
  });

  test('is told that the person chooses none of its options', async () => {
    const { question } = await asked();
    await answer(question?.id, 'decline', 'Neither');
    expect(await readByModel()).toContain('The person chose none of the options. They say: Neither');
  });

  test('goes on in another server after a restart', async () => {
    const { taskId, question } = await asked();
    await world().runner.stop();
    const next = await world().secondProcess();
    await next.lifecycle.resolveBrief(world().userId, { id: question?.id ?? '', action: 'first' });
    await next.runner.idle();
    expect(await readByModel()).toContain('The person chose');
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test('may ask again in the same run', async () => {
    const { taskId, question } = await asked();
    const second = { ...QUESTION, question: 'And when?' };
    world().chat.next({ toolCalls: [{ name: 'ask_person', arguments: second }] });
    await answer(question?.id, 'first');
    const later = await openQuestion(taskId);
    expect(later?.title).toContain('And when?');
    await answer(later?.id, 'second');
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test.each([
    ['no options', { actions: [] }, 'actions'],
    ['one key twice', { actions: [QUESTION.actions[0], QUESTION.actions[0]] }, 'a key of its own'],
    ['a recommendation that is no option', { recommended: 'third' }, 'There is no option'],
    ['too many options', { actions: options(LIMITS.askedOptionsMax + 1) }, 'actions'],
    [
      'a wait beyond the limit',
      { ifNobodyAnswers: { key: 'first', hours: LIMITS.askedHoursMax + 1 } },
      'hours',
    ],
  ])('is told at once when its question has %s', async (_what, more, told) => {
    const { taskId, question } = await asked(more);
    expect(question).toBeUndefined();
    expect(await readByModel()).toContain(told);
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
  });

  test('may offer as many options and as long a wait as the limits say', async () => {
    const actions = options(LIMITS.askedOptionsMax);
    const ifNobodyAnswers = { key: 'o1', hours: LIMITS.askedHoursMax };
    const { question } = await asked({ actions, ifNobodyAnswers, recommended: undefined });
    expect(question?.actions).toHaveLength(LIMITS.actionsPerBriefMax);
  });
});

function options(count: number) {
  return Array.from({ length: count }, (_, place) => ({
    key: `o${place + 1}`,
    label: `Option ${place + 1}`,
  }));
}

describe('when nobody answers', () => {
  const DEFAULT = { ifNobodyAnswers: { key: 'first', hours: 4 } };

  test('the option that the model has named is taken, once, and both are told', async () => {
    const { taskId, operationId, question } = await asked(DEFAULT);
    const expiresAt = new Date(world().clock.now().getTime() + 4 * HOUR_MS);
    expect(question).toMatchObject({ expiresAt, defaultAction: 'first' });
    await world().clock.advance(4 * HOUR_MS - 1_000);
    await world().watchdog.sweep();
    expect(await openQuestion(taskId)).toBeDefined();
    await world().clock.advance(2_000);
    const other = await world().secondProcess();
    await Promise.all([world().watchdog.sweep(), other.watchdog.sweep()]);
    await Promise.all([world().runner.idle(), other.runner.idle()]);
    await answer(question?.id, 'second');

    expect(await readByModel()).toContain('Nobody answered in time, so \\"The first\\" (first) was chosen');
    expect(await world().operations(taskId)).toMatchObject([{ status: 'done' }]);
    expect(await world().reads.steps(world().userId, operationId)).toMatchObject([
      {},
      { answer: { action: 'first', isUnanswered: true } },
      {},
    ]);
    expect(world().chat.requests).toHaveLength(2);
    expect(await world().briefs(taskId)).toMatchObject([
      { id: question?.id, resolvedAction: 'first' },
      { title: expect.stringContaining('“The first” was chosen'), resolvedAction: null },
    ]);
  });

  test('for a week, and it named none, it is told so', async () => {
    const { question } = await asked();
    await world().clock.advance(LIMITS.approvalDays * 24 * HOUR_MS + 1_000);
    await world().watchdog.sweep();
    await world().runner.idle();
    expect(await readByModel()).toContain('Nobody answered. Nothing was chosen.');
    expect(
      await world().query('select resolved_action from everbeat.briefs where id = $1', [question?.id]),
    ).toEqual([{ resolved_action: 'decline' }]);
  });

  test('for a week, an option that has the key of a no is not taken either', async () => {
    const actions = [
      { key: 'accept', label: 'Take the offer' },
      { key: 'decline', label: 'Cancel the order' },
    ];
    const { taskId } = await asked({ actions, recommended: 'accept' });
    await world().clock.advance(LIMITS.approvalDays * 24 * HOUR_MS + 1_000);
    await world().watchdog.sweep();
    await world().runner.idle();
    expect(await readByModel()).toContain('Nobody answered. Nothing was chosen.');
    expect((await world().briefs(taskId)).map(({ title }) => title)).toContainEqual(
      expect.stringContaining('nothing was chosen'),
    );
  });

  test('the time of a question that was answered says nothing about the next one', async () => {
    const { taskId, question } = await asked(DEFAULT);
    await world().clock.advance(4 * HOUR_MS + 1_000);
    const [expired] = await findExpiredBriefs(world().database.pool, { now: world().clock.now(), limit: 1 });
    if (expired === undefined) throw new Error('Nothing has expired');
    // The person answers before the watchdog comes to it, and the model asks something else.
    world().chat.next({
      toolCalls: [{ name: 'ask_person', arguments: { ...QUESTION, question: 'And when?' } }],
    });
    await answer(question?.id, 'second');
    expect(await world().lifecycle.expireBrief(expired)).toBe(false);
    expect((await openQuestion(taskId))?.title).toContain('And when?');
  });
});
