import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SubscribedBrowser, vapidClaims } from '../../../test/browser';
import { describeHttpKind } from '../../../test/contract';
import { exampleContext, exampleMessage } from '../../../test/examples';
import { errorOf, type FarSide, startFarSide } from '../../../test/farSide';
import { sendToChannel } from '..';
import { makeVapidKeys } from './vapidKeys';

const vapid = { ...makeVapidKeys(), subject: 'https://everbeat.example.com' };
const browser = new SubscribedBrowser();

describeHttpKind({
  kind: 'push',
  configFor: (url) => ({ subscription: browser.subscription(`${url}/push/pushsecretpushsecret`) }),
  context: { vapid },
  taken: { status: 201, body: '' },
  externalId: null,
  secrets: ['pushsecretpushsecret', browser.subscription('').keys.auth],
  misconfigured: [
    { subscription: { endpoint: 'https://push.example.com' } },
    { subscription: { endpoint: 'https://push.example.com', keys: { p256dh: 'short', auth: 'short' } } },
  ],
});

describe('a push message', () => {
  let farSide: FarSide;
  beforeEach(async () => {
    farSide = await startFarSide();
  });
  afterEach(() => farSide.close());

  const send = (fields = {}, keys: typeof vapid | null = vapid) =>
    sendToChannel(
      { kind: 'push', config: { subscription: browser.subscription(`${farSide.url}/push/1`) } },
      exampleMessage(fields),
      exampleContext({ vapid: keys }),
    );

  it('is encrypted for the one browser, which reads what to show and where it leads', async () => {
    await send();
    const [call] = farSide.calls;
    expect(call?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high', ttl: '259200' });
    expect(JSON.parse(browser.read(call?.body ?? Buffer.alloc(0)))).toEqual({
      id: exampleMessage().id,
      title: 'Shall the release go out?',
      body: 'Waiting for you · T-12 Release\nThe tests pass.\n\n- 3 changes\n- see the notes (https://example.com/notes)',
      url: 'https://everbeat.example.com/tasks/T-12?brief=7',
      needsMe: true,
      actions: [
        { action: 'approve', title: 'Approve', url: 'https://everbeat.example.com/a/token-1' },
        { action: 'decline', title: 'Decline', url: 'https://everbeat.example.com/a/token-2' },
      ],
    });
  });

  it('is signed with the key of the server for this push service', async () => {
    await send();
    expect(vapidClaims(farSide.calls[0]?.headers.authorization ?? '')).toMatchObject({
      aud: farSide.url,
      sub: 'https://everbeat.example.com',
    });
  });

  it('replaces an earlier one about the same brief that the device has not got yet', async () => {
    await send();
    await send({ id: 'another' });
    await send({ id: 'third', threadKey: 'another brief' });
    const [first, second, third] = farSide.calls.map(({ headers }) => headers.topic);
    expect(first).toMatch(/^[\w-]{32}$/);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  it('is not sent by a server without keys, nor with an address of contact that push services refuse', async () => {
    expect(await errorOf(send({}, null))).toMatchObject({ kind: 'needs-person' });
    await send({}, { ...vapid, subject: 'http://localhost:3000' });
    expect(farSide.calls).toHaveLength(1);
  });

  it.each([404, 410])('asks to turn messages on again when the subscription is gone: %s', async (status) => {
    farSide.answer(status, 'gone');
    expect(await errorOf(send())).toMatchObject({
      kind: 'needs-person',
      message: expect.stringContaining('again on the device'),
    });
  });
});
