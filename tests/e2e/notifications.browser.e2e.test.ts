import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { type FarSide, lastJson, startFarSide } from '../../packages/channels/test/farSide';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { eventually } from '../support/app/eventually';
import { visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('the Notifications page', () => {
  let app: App;
  let ntfy: FarSide;
  let agent: FakeHttpAgent;
  let page: Page;

  browserTests(
    {
      farSides: async () => ({ ntfy: await startFarSide(), agent: await startFakeHttpAgent() }),
      env: () => ({ NOTIFY_ALLOW_PRIVATE_URLS: '1' }),
      sharesPage: true,
    },
    (world) => {
      ({ app, ntfy, agent, page } = world);
    },
  );

  const card = () => page.getByRole('listitem', { name: 'My phone' });

  test('adds a channel, tries it, and says what is wrong with one that does not answer', async () => {
    await visit(page, '/settings/notifications');
    await page.getByText('No channel yet').waitFor();
    await page.getByRole('button', { name: 'Add a channel' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Kind').selectOption('ntfy');
    await dialog.getByRole('button', { name: 'Save and try' }).click();
    await dialog.getByText('Enter the address of the topic').waitFor();
    await dialog.getByLabel('Address of the topic').fill(`${ntfy.url}/my-topic`);
    await dialog.getByLabel('Access token (optional)').fill('tk_canary');
    await dialog.getByLabel('Name (optional)').fill('My phone');
    await dialog.getByRole('button', { name: 'Save and try' }).click();
    await page.getByText('My phone is saved, and a trial message was sent').waitFor();
    expect(lastJson(ntfy)).toMatchObject({ topic: 'my-topic', title: 'Everbeat reaches you here' });
    expect(await page.content()).not.toContain('canary');

    ntfy.answer(403, { error: 'forbidden' });
    await card().getByRole('button', { name: 'Test My phone' }).click();
    await page.getByText('My phone did not take the trial message').waitFor();
    await card().getByText('Messages do not arrive; the first one failed').waitFor();
    ntfy.answer(200, { id: 'm1' });
  });

  test('saves what the channel sends, and shows what was sent', async () => {
    await card().getByText('What it sends, and when').click();
    await card().getByLabel('A change').selectOption('at-once');
    await card().getByLabel('Quiet hours').check();
    await card().getByLabel('Until').fill('06:30');
    await card().getByRole('button', { name: 'Save the quiet hours' }).click();
    await page.getByText('The quiet hours are saved').waitFor();
    expect(await app.trpc.channel.list.query()).toMatchObject([
      { rules: { change: 'at-once' }, quietHours: { from: '22:00', to: '06:30', urgentPasses: true } },
    ]);
    await card().getByLabel('Quiet hours').uncheck();
    await card().getByRole('button', { name: 'Save the quiet hours' }).click();

    const brief = { type: 'decision', priority: 'urgent', title: 'Which berth?', summary: '' };
    agent.next({ body: { content: 'Counted', briefs: [brief] } });
    const { id: agentId } = await app.trpc.agent.create.mutate({
      name: 'Harbour',
      kind: 'http',
      config: { url: agent.url },
    });
    const task = await app.trpc.task.create.mutate({
      instruction: 'Count the ships',
      name: 'Ships',
      agentId,
    });
    await app.trpc.task.run.mutate({ id: task.id });
    const arrived = () => ntfy.calls.some(({ body }) => body.toString().includes('Which berth?'));
    await eventually(async () => arrived() || undefined, { what: 'the message with the question' });
    await card().getByText('What was sent').click();
    await card().getByText(task.identifier).waitFor();
    await card().getByText('Sent', { exact: true }).waitFor();
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'notifications');
  });

  test('has rules for one task, which are kept', async () => {
    const { id, identifier } = await app.trpc.task.create.mutate({ instruction: 'Watch the weather' });
    const dialog = page.getByRole('dialog', { name: `Notifications of ${identifier}` });
    const rule = (kind: RegExp) => dialog.getByRole('combobox', { name: kind });
    const openDialog = async () => {
      await visit(page, `/tasks/${identifier}`);
      await page.getByRole('button', { name: 'More actions' }).click();
      await page.getByRole('menuitem', { name: 'Notifications' }).click();
    };
    await openDialog();
    await rule(/^A change/).selectOption('never');
    await rule(/^Good to know/).selectOption('at-once');
    const kept = async () => (await app.trpc.channel.ofTask.query({ taskId: id })).at(0)?.taskRules;
    await expect.poll(kept).toEqual({ change: 'never', 'good-to-know': 'at-once' });
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'notifications-of-task');

    await openDialog();
    await rule(/^A change/).waitFor();
    expect(await rule(/^A change/).inputValue()).toBe('never');
    expect(await rule(/^Failed/).inputValue()).toBe('');
    await rule(/^A change/).selectOption('');
    await expect.poll(kept).toEqual({ 'good-to-know': 'at-once' });
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await sidewaysOverflow(page)).toBe(0);
    await takePicture(page, 'notifications-of-task-phone');
    await page.setViewportSize({ width: 1_280, height: 800 });
  });

  test('shows a push message on the device, with what leads to its brief', async () => {
    await page.context().grantPermissions(['notifications'], { origin: app.url });
    const session = await page.context().newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const [first] = registrations;
        if (first !== undefined) resolve(first.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js');
      await navigator.serviceWorker.ready;
    });
    const push = async (data: string) =>
      session.send('ServiceWorker.deliverPushMessage', {
        origin: app.url,
        registrationId: await registered,
        data,
      });
    const message = { id: 'd1', title: 'The price fell', body: 'T-1', url: `${app.url}/tasks`, actions: [] };
    await push(JSON.stringify(message));
    await push(JSON.stringify({ ...message, title: 'The price fell again' }));
    await push('damaged');
    const shown = await eventually(
      async () => {
        const titles = await page.evaluate(async () => {
          const worker = await navigator.serviceWorker.ready;
          return (await worker.getNotifications()).map(({ title }) => title);
        });
        return titles.length === 2 && titles.includes('Everbeat') ? titles : undefined;
      },
      { what: 'the notifications' },
    );
    expect(shown.toSorted()).toEqual(['Everbeat', 'The price fell again']);
  });
});
