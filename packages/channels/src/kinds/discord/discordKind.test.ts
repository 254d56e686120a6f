import { afterEach, beforeEach, expect, it } from 'vitest';
import { describeHttpKind } from '../../../test/contract';
import { exampleContext, exampleMessage } from '../../../test/examples';
import { errorOf, type FarSide, startFarSide } from '../../../test/farSide';
import { sendToChannel } from '..';

describeHttpKind({
  kind: 'discord',
  configFor: (url) => ({ url: `${url}/api/webhooks/1/discordsecretdiscordsecret` }),
  taken: { status: 200, body: { id: '111222333', channel_id: '1' } },
  externalId: '111222333',
  secrets: ['discordsecretdiscordsecret'],
  misconfigured: [{ url: 'discord.com' }],
});

let farSide: FarSide;
beforeEach(async () => {
  farSide = await startFarSide();
});
afterEach(() => farSide.close());

const send = () =>
  sendToChannel(
    { kind: 'discord', config: { url: `${farSide.url}/api/webhooks/1/t?thread_id=9` } },
    exampleMessage(),
    exampleContext(),
  );

it('asks Discord to answer with the stored message and to show buttons, in the thread that the address names', async () => {
  await send();
  expect(farSide.calls[0]?.path).toBe('/api/webhooks/1/t?thread_id=9&wait=true&with_components=true');
});

it('waits as long as Discord says in its body', async () => {
  farSide.answer(429, { message: 'You are being rate limited.', retry_after: 1.2, global: false });
  expect(await errorOf(send())).toMatchObject({ kind: 'transient', retryAfterSeconds: 2 });
});
