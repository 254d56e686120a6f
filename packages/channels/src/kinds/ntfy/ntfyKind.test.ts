import { expect, it } from 'vitest';
import { describeHttpKind } from '../../../test/contract';
import { exampleContext, exampleMessage } from '../../../test/examples';
import { lastJson, startFarSide } from '../../../test/farSide';
import { sendToChannel } from '..';

const TOKEN = 'tk_ntfysecretntfysecret';

describeHttpKind({
  kind: 'ntfy',
  configFor: (url) => ({ url: `${url}/my-topic`, token: TOKEN }),
  taken: { status: 200, body: { id: 'abc123', event: 'message' } },
  externalId: 'abc123',
  secrets: [TOKEN],
  misconfigured: [{ url: 'https://ntfy.sh' }, { url: 'https://ntfy.sh/my topic' }],
});

it('publishes as JSON to the server, below its path, and keeps all text out of the headers', async () => {
  const farSide = await startFarSide();
  const config = { url: `${farSide.url}/ntfy/my-topic`, token: TOKEN };
  await sendToChannel({ kind: 'ntfy', config }, exampleMessage(), exampleContext());
  await farSide.close();
  expect(farSide.calls[0]).toMatchObject({ path: '/ntfy/', headers: { authorization: `Bearer ${TOKEN}` } });
  expect(lastJson(farSide)).toMatchObject({
    topic: 'my-topic',
    title: 'Shall the release go out?',
    priority: 4,
    click: 'https://everbeat.example.com/tasks/T-12?brief=7',
    actions: [
      { action: 'view', label: 'Approve', url: 'https://everbeat.example.com/a/token-1' },
      { action: 'view', label: 'Decline' },
    ],
  });
});
