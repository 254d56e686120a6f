import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeHttpKind } from '../../../test/contract';
import { exampleContext, exampleMessage } from '../../../test/examples';
import { errorOf, type FarSide, lastJson, startFarSide } from '../../../test/farSide';
import { closeMessage, sendToChannel } from '..';

const TOKEN = 'xoxb-slackbottoken-slackbottoken';
const SIGNING_SECRET = 'slacksigningsecretslacksigningse';

describeHttpKind({
  kind: 'slack',
  configFor: (url) => ({ url: `${url}/services/T0/B0/slacksecretslacksecret` }),
  taken: { status: 200, body: 'ok' },
  externalId: null,
  secrets: ['slacksecretslacksecret'],
  misconfigured: [{ url: 'not an address' }, { url: 'https://hooks.slack.com/x', channel: 'C1' }],
});

describeHttpKind({
  kind: 'slack',
  configFor: (apiUrl) => ({ botToken: TOKEN, channel: 'C0123', signingSecret: SIGNING_SECRET, apiUrl }),
  taken: { status: 200, body: { ok: true, channel: 'C0123', ts: '1764.001' } },
  externalId: 'C0123:1764.001',
  secrets: [TOKEN, SIGNING_SECRET],
  misconfigured: [{ botToken: TOKEN }, { channel: 'C0123' }, { botToken: 'xoxp-no', channel: 'C0123' }],
});

let farSide: FarSide;
beforeEach(async () => {
  farSide = await startFarSide();
  farSide.answer(200, { ok: true, channel: 'C0123', ts: '1764.001' });
});
afterEach(() => farSide.close());

const app = (fields: object = { signingSecret: SIGNING_SECRET }) =>
  ({ kind: 'slack', config: { botToken: TOKEN, channel: 'C0123', apiUrl: farSide.url, ...fields } }) as const;

const buttonsSent = (): unknown[] => {
  const body = JSON.parse(farSide.calls.at(-1)?.body.toString() ?? '{}');
  return body.blocks.flatMap((block: { type: string; elements?: unknown[] }) =>
    block.type === 'actions' ? block.elements : [],
  );
};

it('posts by the app, with buttons that this server hears of', async () => {
  await sendToChannel(app(), exampleMessage(), exampleContext({ takesPresses: true }));
  expect(farSide.calls[0]).toMatchObject({
    path: '/api/chat.postMessage',
    headers: { authorization: `Bearer ${TOKEN}` },
  });
  expect(lastJson(farSide)).toMatchObject({ channel: 'C0123' });
  expect(buttonsSent()).toMatchObject([
    { type: 'button', text: { text: 'Approve' }, value: 'token-1' },
    { type: 'button', text: { text: 'Decline' }, value: 'token-2' },
    { type: 'button', text: { text: 'Open in Everbeat' }, url: expect.any(String) },
  ]);
});

it('has links where no press is heard of', async () => {
  await sendToChannel(app(), exampleMessage(), exampleContext());
  expect(buttonsSent()).toEqual([]);
  await sendToChannel(app({}), exampleMessage(), exampleContext({ takesPresses: true }));
  expect(buttonsSent()).toEqual([]);
  expect(farSide.calls.at(-1)?.body.toString()).toContain('https://everbeat.example.com/a/token-1|Approve');
});

it('shows in a message what it was answered with, and takes its buttons away', async () => {
  const answered = { externalId: 'C0123:1764.001', message: exampleMessage(), outcome: 'Answered: Approve' };
  await closeMessage(app(), answered, exampleContext());
  expect(farSide.calls[0]?.path).toBe('/api/chat.update');
  expect(lastJson(farSide)).toMatchObject({ channel: 'C0123', ts: '1764.001' });
  expect(farSide.calls[0]?.body.toString()).toContain('Answered: Approve');
  expect(farSide.calls[0]?.body.toString()).not.toContain('token-1');
});

it.each([
  ['not_in_channel', 'needs-person', '/invite'],
  ['token_revoked', 'needs-person', 'install the app again'],
  ['missing_scope', 'needs-person', 'chat:write'],
  ['ratelimited', 'transient', 'tried again'],
  ['internal_error', 'transient', 'may have arrived'],
  ['fatal_error', 'transient', 'may have arrived'],
  ['msg_too_long', 'refused', 'not sent'],
])('says what a refusal of Slack asks for: %s', async (error, kind, words) => {
  farSide.answer(200, { ok: false, error });
  const sent = sendToChannel(app(), exampleMessage(), exampleContext());
  expect(await errorOf(sent)).toMatchObject({ kind, message: expect.stringContaining(words) });
});

it.each([
  ['text', { text: 'All of it. '.repeat(300) }],
  ['title', { title: 'Shall it go out? '.repeat(10) }],
  ['text, before it came here', { isCut: true }],
])('answers by links where not all that is asked is shown: %s', async (_what, fields) => {
  await sendToChannel(app(), exampleMessage(fields), exampleContext({ takesPresses: true }));
  expect(buttonsSent()).toMatchObject([
    { text: { text: 'Approve' }, url: 'https://everbeat.example.com/a/token-1' },
    { text: { text: 'Decline' }, url: 'https://everbeat.example.com/a/token-2' },
    { text: { text: 'Open in Everbeat' } },
  ]);
  expect(farSide.calls.at(-1)?.body.toString()).not.toContain('"value"');
  expect(farSide.calls.at(-1)?.body.toString()).toContain('Not all of it is shown here');
});
