import { createHmac } from 'node:crypto';
import { findBrief } from '@everbeat/database';
import { WEBHOOK_PATHS } from '@everbeat/scheduler';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type FarSide, startFarSide } from '../../packages/channels/test/farSide';
import { queueWorldPerTest } from '../support/queueWorld';

/** A button that is pressed in Slack, where a process may end with the request that it has answered. */

const DELIVER = WEBHOOK_PATHS.deliver;
const SECRET = 'slacksigningsecretslacksigningse';

let slack: FarSide;
afterEach(() => slack.close());
const world = queueWorldPerTest({ env: { NOTIFY_ALLOW_PRIVATE_URLS: '1' } });

let channelId: string;
let token: string;

/** A run asks something that is sent to the channel. Returns the token of its button. */
async function asks(title: string): Promise<string> {
  const { userId, agent, runner } = world();
  const { id: taskId } = await world().createTask();
  const question = { type: 'decision', priority: 'urgent', title, summary: 'Yes?' } as const;
  agent.next({ kind: 'done', content: 'Done', briefs: [question] });
  await runner.run(userId, { taskId });
  await world().elapse(0);
  await world().deliveries.idle();
  await world().elapse(0);
  const [stored] = await world().briefs(taskId);
  const brief = await findBrief(world().database.pool, userId, stored?.id ?? '');
  if (brief === null) throw new Error('Nothing was asked');
  const channel = { userId, channelId };
  const [link] = await world().answers.linksFor(channel, { ...brief, briefId: brief.id });
  return link?.token ?? '';
}

beforeEach(async () => {
  slack = await startFarSide();
  slack.answer(200, { ok: true, channel: 'C0123', ts: '1764.001' });
  const { channels, userId } = world();
  const config = { botToken: 'xoxb-slackbottoken-slack', channel: 'C0123', signingSecret: SECRET };
  channelId = (await channels.create(userId, { kind: 'slack', config: { ...config, apiUrl: slack.url } })).id;
  token = await asks('Go out?');
});

async function press(value = token): Promise<number> {
  const payload = { type: 'block_actions', actions: [{ action_id: 'option-0', value }] };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(world().clock.now().getTime() / 1_000));
  const signed = createHmac('sha256', SECRET).update(`v0:${timestamp}:${body}`).digest('hex');
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': `v0=${signed}`,
  };
  const path = `/api/channels/slack/${channelId}`;
  return (await world().app.request(path, { method: 'POST', headers, body })).status;
}

const edits = (): string[] =>
  slack.calls.filter(({ path }) => path === '/api/chat.update').map(({ body }) => body.toString());

test('has the edit of its message published before its request is answered', async () => {
  expect(slack.calls.map(({ path }) => path)).toEqual(['/api/chat.postMessage']);
  const before = world().published(DELIVER).length;

  expect(await press()).toBe(200);
  expect(world().published(DELIVER), 'in the moment of the answer').toHaveLength(before + 1);
  await world().elapse(0);

  expect(edits()).toEqual([expect.stringContaining('Answered: Approve')]);
});

test('has it published by an answer on the page of a link, too', async () => {
  const before = world().published(DELIVER).length;
  await world().answers.answer(token, { action: undefined, comment: undefined });
  expect(world().published(DELIVER), 'in the moment of the answer').toHaveLength(before + 1);
});

test('has another edit published within the same seconds, also while an older message cannot be edited', async () => {
  const [second, third] = [await asks('Go up?'), await asks('Go down?')];
  // All messages are left open, because Slack is away.
  slack.answer(503);
  await press();
  await world().elapse(60);
  const before = world().published(DELIVER).length;

  await press(second);
  await world().elapse(1);
  await press(third);

  const names = world()
    .published(DELIVER)
    .slice(before)
    .map(({ deduplicationId }) => deduplicationId);
  expect(new Set(names).size).toBe(2);
});
