import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApp } from '@/server/http/app';
import { type FarSide, startFarSide } from '../../packages/channels/test/farSide';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

/** From the run that asks to the person who presses a button in Slack, by a stand-in for Slack. */

const SECRET = 'slacksigningsecretslacksigningse';
const OTHER_SECRET = 'anothersigningsecretanothersigni';

let slack: FarSide;
let world: ApiWorld;
let taskId: string;
beforeEach(async () => {
  slack = await startFarSide();
  slack.answer(200, { ok: true, channel: 'C0123', ts: '1764.001' });
  world = await createApiWorld({
    env: {
      NOTIFY_ALLOW_PRIVATE_URLS: '1',
      APP_URL: 'https://everbeat.example.com',
      ACCESS_PASSWORD: 'the password of this server',
    },
  });
  taskId = await world.startTask();
});
afterEach(async () => {
  await world.deliveries.idle();
  await world.close();
  await slack.close();
});

const addChannel = async (signingSecret = SECRET, api = world.ada) =>
  api.channel.create({
    kind: 'slack',
    config: { botToken: 'xoxb-slackbottoken-slack', channel: 'C0123', signingSecret, apiUrl: slack.url },
  });

async function asks(): Promise<void> {
  const question = { type: 'decision', priority: 'urgent', title: 'Go out?', summary: 'Yes?' } as const;
  world.agent.next({ kind: 'done', content: 'Done', briefs: [question] });
  await world.beat(taskId);
  await world.deliveries.idle();
}

interface SlackButton {
  text: { text: string };
  value?: string;
}

/** The buttons of the newest message. */
function buttons(): SlackButton[] {
  const body = JSON.parse(slack.calls.at(-1)?.body.toString() ?? '{}');
  return body.blocks.flatMap((block: { type: string; elements: SlackButton[] }) =>
    block.type === 'actions' ? block.elements : [],
  );
}
const tokenOf = (label: string): string => buttons().find(({ text }) => text.text === label)?.value ?? '';

interface Forged {
  secret?: string;
  ageSeconds?: number;
  signature?: string;
}

function press(
  channelId: string,
  token: string,
  { secret = SECRET, ageSeconds = 0, signature }: Forged = {},
) {
  const payload = {
    type: 'block_actions',
    response_url: `${slack.url}/actions/1`,
    actions: [{ action_id: 'option-0', value: token }],
  };
  const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
  const timestamp = String(Math.floor(world.clock.now().getTime() / 1_000) - ageSeconds);
  const signed = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const app = createApp({ env: world.env, logger: world.logger, container: async () => world });
  return app.request(`/api/channels/slack/${channelId}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': signature ?? `v0=${signed}`,
    },
    body,
  });
}

const resolution = async () => (await world.ada.brief.list({ taskId })).items[0]?.resolvedAction;
const said = () =>
  slack.calls.filter(({ path }) => path === '/actions/1').map(({ body }) => JSON.parse(body.toString()).text);

test('a button in Slack answers once, without the password of the server, and the message shows it', async () => {
  const channel = await addChannel();
  expect(channel.receiving).toEqual({
    isOn: true,
    problem: null,
    requestUrl: `https://everbeat.example.com/api/channels/slack/${channel.id}`,
  });
  await asks();
  const [approve, decline] = [tokenOf('Approve'), tokenOf('Decline')];

  expect((await press(channel.id, approve)).status).toBe(200);
  await world.deliveries.idle();

  expect(await resolution()).toBe('approve');
  const edits = slack.calls.filter(({ path }) => path === '/api/chat.update');
  expect(edits).toHaveLength(1);
  expect(edits[0]?.body.toString()).toContain('Answered: Approve');
  expect(said()).toEqual([]);

  expect((await press(channel.id, decline)).status).toBe(200);
  expect(said()).toEqual(['Was answered already: Approve']);
  expect(await resolution()).toBe('approve');
});

test('nothing is read of a request that the app of the channel has not signed, or that is sent again later', async () => {
  const channel = await addChannel();
  const others = await addChannel(OTHER_SECRET, world.bob);
  await asks();
  const token = tokenOf('Approve');
  const refused = [
    await press(channel.id, token, { secret: OTHER_SECRET }),
    await press(channel.id, token, { ageSeconds: 301 }),
    await press(channel.id, token, { signature: '' }),
    await press('01900000-0000-7000-8000-00000000a001', token),
    await press('x', token),
  ];
  expect(refused.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
  // Signed by the app of another person's channel: its buttons are not known there.
  expect((await press(others.id, token, { secret: OTHER_SECRET })).status).toBe(200);
  expect(said()).toEqual([expect.stringContaining('not known')]);
  expect(await resolution()).toBeNull();
});

test('a body that is too large is refused before it is read', async () => {
  const channel = await addChannel();
  expect((await press(channel.id, 'x'.repeat(300_000))).status).toBe(413);
});

test('a channel that was switched off takes nothing', async () => {
  const channel = await addChannel();
  await asks();
  const token = tokenOf('Approve');
  await world.ada.channel.update({ id: channel.id, isEnabled: false });
  expect((await press(channel.id, token)).status).toBe(401);
});
