import type { AgentBrief } from '@everbeat/agents';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApp } from '@/server/http/app';
import { type FarSide, startFarSide } from '../../packages/channels/test/farSide';
import { type MailServer, startMailServer } from '../../packages/channels/test/mailServer';
import { type ApiWorld, createApiWorld } from '../support/apiWorld';

/** From the run that asks to the person who answers, by a real SMTP server and a real web server. */

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let mailServer: MailServer;
let receiver: FarSide;
let world: ApiWorld;
beforeEach(async () => {
  mailServer = await startMailServer();
  receiver = await startFarSide();
  world = await createApiWorld({
    env: {
      SMTP_URL: `smtp://127.0.0.1:${mailServer.port}?ignoreTLS=true`,
      MAIL_FROM: 'everbeat@example.com',
      NOTIFY_ALLOW_PRIVATE_URLS: '1',
    },
  });
});
afterEach(async () => {
  await world.deliveries.idle();
  await world.close();
  await mailServer.close();
  await receiver.close();
});

async function asks(taskId: string): Promise<void> {
  const question: AgentBrief = {
    type: 'decision',
    priority: 'urgent',
    title: 'Which berth?',
    summary: 'Both are **free**',
    actions: [
      { key: 'left', label: 'The left one' },
      { key: 'right', label: 'The right one' },
    ],
  };
  world.agent.next({ kind: 'done', content: 'Done', briefs: [question] });
  await world.beat(taskId);
  await world.deliveries.idle();
}

test('a question arrives as a mail whose link answers it, once', async () => {
  await world.ada.channel.create({ kind: 'email', config: { to: 'ada@example.com' } });
  const taskId = await world.startTask();
  await asks(taskId);

  const [mail] = mailServer.mails;
  expect(mail).toMatchObject({ subject: expect.stringContaining('Which berth?') });
  expect(mail?.text).toContain('The right one');
  expect((await world.ada.delivery.list()).items).toMatchObject([{ status: 'sent', attempts: 1 }]);

  const path = /\/a\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? '';
  const app = createApp({ env: world.env, logger: world.logger, container: async () => world });
  const answer = () => app.request(path, { method: 'POST', body: new URLSearchParams({ action: 'right' }) });
  expect((await answer()).status).toBe(200);
  const [brief] = (await world.ada.brief.list({ taskId })).items;
  expect(brief).toMatchObject({ resolvedAction: 'right' });
  expect(await (await answer()).text()).toMatch(/Answered from a message on .+: “The right one”/);
  expect(mailServer.mails).toHaveLength(1);
});

test('a webhook gets a signed message, and the same one again when its server was away', async () => {
  await world.ada.channel.create({
    kind: 'webhook',
    config: { url: `${receiver.url}/news`, secret: SECRET },
  });
  receiver.answer(503);
  await asks(await world.startTask());
  expect((await world.ada.delivery.list()).items).toMatchObject([{ status: 'pending', reason: 'retry' }]);

  receiver.answer(200);
  await world.clock.advance(600_000);
  await world.watchdog.sweep();
  await world.deliveries.idle();

  expect((await world.ada.delivery.list()).items).toMatchObject([{ status: 'sent', attempts: 2 }]);
  const [first, second] = receiver.calls;
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  const { 'webhook-id': id, 'webhook-signature': signature } = second?.headers ?? {};
  const timestamp = String(second?.headers['webhook-timestamp']);
  const body = second?.body.toString() ?? '';
  expect(new Webhook(SECRET).sign(String(id), new Date(Number(timestamp) * 1_000), body)).toBe(signature);
  expect(JSON.parse(body)).toMatchObject({ data: { title: 'Which berth?' } });
});
