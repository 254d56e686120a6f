import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeHttpKind } from '../../../test/contract';
import { exampleContext, exampleMessage } from '../../../test/examples';
import { type FarSide, startFarSide } from '../../../test/farSide';
import { sendToChannel } from '..';

const SECRET = `whsec_${Buffer.from('a secret of thirty-two characters').toString('base64')}`;

describeHttpKind({
  kind: 'webhook',
  configFor: (url) => ({ url: `${url}/hook`, secret: SECRET }),
  taken: { status: 204, body: '' },
  externalId: null,
  secrets: [SECRET],
  misconfigured: [
    { url: 'ftp://example.com', secret: SECRET },
    { url: 'https://example.com', secret: 'short' },
  ],
});

describe('a webhook', () => {
  let farSide: FarSide;
  beforeEach(async () => {
    farSide = await startFarSide();
  });
  afterEach(() => farSide.close());
  const send = (message = exampleMessage()) =>
    sendToChannel(
      { kind: 'webhook', config: { url: farSide.url, secret: SECRET } },
      message,
      exampleContext(),
    );

  it('is signed so that the library of Standard Webhooks takes it', async () => {
    await send();
    const [call] = farSide.calls;
    const headers = Object.fromEntries(
      Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    expect(new Webhook(SECRET).verify(call?.body.toString() ?? '', headers)).toMatchObject({
      type: 'brief.needs-me',
      data: {
        title: 'Shall the release go out?',
        task: { identifier: 'T-12', title: 'Release' },
        url: 'https://everbeat.example.com/tasks/T-12?brief=7',
        actions: [{ key: 'approve' }, { key: 'decline' }],
      },
    });
  });

  it('has the same id each time it is tried', async () => {
    farSide.answer(503);
    await send().catch(() => undefined);
    farSide.answer(200);
    await send();
    const [first, second] = farSide.calls.map(({ headers }) => headers['webhook-id']);
    expect(first).toBe(exampleMessage().id);
    expect(second).toBe(first);
  });
});
