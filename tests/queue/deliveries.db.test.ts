import { LIMITS } from '@everbeat/domain';
import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import type { QStashMessage } from '@everbeat/testkit';
import { beforeEach, describe, expect, test } from 'vitest';
import { createOutbox } from '../support/outbox';
import { queueWorldPerTest } from '../support/queueWorld';

const DELIVER = WEBHOOK_PATHS.deliver;
const matching = ({ url }: QStashMessage): boolean => url.endsWith(DELIVER);

const outbox = createOutbox();
/** Whether one message takes the whole time of a request. */
let isSlow = false;
const world = queueWorldPerTest({
  sender: {
    ...outbox.sender,
    send(...sent) {
      const { clock } = world();
      if (isSlow) clock.set(new Date(clock.now().getTime() + LIMITS.deliveryPassSeconds * 1_000));
      return outbox.sender.send(...sent);
    },
  },
});
beforeEach(async () => {
  isSlow = false;
  outbox.attempts.length = 0;
  await world().channels.create(world().userId, { kind: 'email', config: { to: 'ada@example.com' } });
});

/** A run asks something urgent, and QStash delivers what is published because of it. */
async function asksSomething(): Promise<void> {
  const { id } = await world().createTask();
  const question = { type: 'decision', priority: 'urgent', title: 'Which one?', summary: 'A or B' } as const;
  world().agent.next({ kind: 'done', content: 'Done', briefs: [question] });
  await world().runner.run(world().userId, { taskId: id });
  await world().elapse(0);
  await world().deliveries.idle();
  await world().elapse(0);
}

const deliveries = () =>
  world().query<{ status: string; attempts: number }>('select status, attempts from everbeat.deliveries');

describe('a message to a person in queue mode', () => {
  test('is sent in a request of its own, which QStash delivers', async () => {
    await asksSomething();

    expect(world().published(DELIVER)).toHaveLength(1);
    expect(world().delivered(DELIVER)).toMatchObject([{ status: 200, answer: { delivered: true } }]);
    expect(outbox.arrived()).toMatchObject([{ title: 'Which one?' }]);
    expect(await deliveries()).toEqual([{ status: 'sent', attempts: 1 }]);
  });

  test('is sent once, even if its request comes twice at the same time and once more later', async () => {
    world().qstash.faults.double({ matching });
    await asksSomething();
    expect(world().delivered(DELIVER)).toMatchObject([{ status: 200 }, { status: 200 }]);
    expect(await world().call(DELIVER, {})).toMatchObject({ status: 200 });

    expect(outbox.attempts).toHaveLength(1);
    expect(await deliveries()).toEqual([{ status: 'sent', attempts: 1 }]);
  });

  test('for which a request has no time left has another one published before that answers', async () => {
    world().qstash.faults.drop({ matching, times: 2 });
    await asksSomething();
    await world().elapse(1);
    await asksSomething();
    const before = world().published(DELIVER).length;
    isSlow = true;

    await world().call(DELIVER, {});

    expect(outbox.attempts).toHaveLength(1);
    expect(world().published(DELIVER)).toHaveLength(before + 1);
  });

  test('whose request is lost is sent with the next one, which QStash does not take for the same', async () => {
    world().qstash.faults.drop({ matching });
    await asksSomething();
    await world().elapse(60);
    await asksSomething();

    expect(world().published(DELIVER)).toHaveLength(2);
    expect(outbox.arrived()).toHaveLength(2);
  });

  test('is published before the request answers that has written its brief', async () => {
    const { id } = await world().createTask();
    await world().lifecycle.start(world().userId, id);
    const question = { type: 'decision', priority: 'urgent', title: 'Which one?', summary: '' } as const;
    world().agent.next({ kind: 'done', content: 'Done', briefs: [question] });
    const { tickToken } = (await world().task(id)).scheduler;

    await world().call(WEBHOOK_PATHS.heartbeatTick, { taskId: id, userId: world().userId, tickToken });

    expect(world().published(DELIVER)).toHaveLength(1);
  });

  test('whose request is lost is sent in the request of the watchdog', async () => {
    world().qstash.faults.drop({ matching });
    await asksSomething();
    expect(outbox.attempts).toEqual([]);

    await world().call(WEBHOOK_PATHS.watchdog, {});

    expect(outbox.arrived()).toHaveLength(1);
    expect(await deliveries()).toEqual([{ status: 'sent', attempts: 1 }]);
  });
});
