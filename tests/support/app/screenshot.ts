import path from 'node:path';
import { startFakeHttpAgent } from '@everbeat/testkit';
import type { Browser } from 'playwright-core';
import { type MailServer, startMailServer } from '../../../packages/channels/test/mailServer';
import { startApp } from './app';
import { PROJECT_DIR } from './appProcess';
import { launchBrowser, openView } from './browser';
import { eventually } from './eventually';
import { untilLive, visit } from './visit';

/**
 * Takes the pictures in the README: an inbox with a few tasks, and the mail that one of them sends, as a mail
 * client shows it. Run it manually when they have changed: `node --import tsx
 * tests/support/app/screenshot.ts`
 */
const picture = (name: string): string => path.join(PROJECT_DIR, 'docs/images', `${name}.png`);

const ADDRESS = 'ada@harbour.example';

const TASKS = [
  {
    name: 'Morning report of the shop',
    briefs: [
      {
        type: 'insight',
        priority: 'info',
        title: 'Orders are back to normal after the slow weekend',
        summary: '214 orders yesterday, 3 % above a usual Monday. Nothing stands out.',
      },
    ],
  },
  {
    name: 'Watch the ferry timetable',
    briefs: [
      {
        type: 'insight',
        priority: 'normal',
        title: 'Harbour ferries, winter timetable: 2 lines added, 1 removed',
        summary: [
          'Changed: <https://ferries.example/timetable>',
          '```diff\n@@ -11,3 +11,4 @@\n Mon to Fri\n-First ferry  06:40\n+First ferry  06:10\n+Ferry        06:50 (school days)\n Last ferry   22:30\n```',
        ].join('\n\n'),
      },
    ],
  },
  {
    name: 'Keep our dependencies current',
    briefs: [
      {
        type: 'decision',
        priority: 'urgent',
        title: 'Move to the next major version of the mail library?',
        summary:
          'It fixes the slow retries we saw in March, but renames `send()`. The change touches **14 lines**; all tests pass on the branch `deps/mail-4`.',
      },
    ],
  },
];

async function main(): Promise<void> {
  const [agent, mails, browser] = await Promise.all([
    startFakeHttpAgent(),
    startMailServer(),
    launchBrowser(),
  ]);
  const app = await startApp({
    env: {
      SMTP_URL: `smtp://127.0.0.1:${mails.port}?ignoreTLS=true`,
      MAIL_FROM: 'Everbeat <everbeat@harbour.example>',
    },
  });
  try {
    await app.trpc.channel.create.mutate({ kind: 'email', name: 'Mail', config: { to: ADDRESS } });
    const { id: agentId } = await app.trpc.agent.create.mutate({
      name: 'Assistant',
      kind: 'http',
      config: { url: agent.url },
    });
    for (const { name, briefs } of TASKS) {
      agent.next({ body: { title: briefs[0]?.title, content: briefs[0]?.summary, briefs } });
      const { id } = await app.trpc.task.create.mutate({
        name,
        instruction: name,
        agentId,
        automationMode: 'heartbeat',
        heartbeatInterval: 3_600,
      });
      await app.trpc.task.start.mutate({ id });
      await app.task(id, 'its brief', (task) => task.briefs.length > 0);
    }
    const { page } = await openView(browser, app.url);
    await visit(page, '/?view=unread');
    await page.getByRole('article').waitFor();
    await untilLive(page);
    await page.screenshot({ path: picture('inbox') });
    await showMail(browser, mails);
  } finally {
    await browser.close();
    await app.stop();
    await Promise.all([agent.close(), mails.close()]);
  }
}

/** The question, below what a mail client shows of its headers. */
async function showMail(browser: Browser, server: MailServer): Promise<void> {
  const mail = await eventually(() => server.mails.at(0), { what: 'the mail' });
  const page = await browser.newPage({ viewport: { width: 720, height: 600 } });
  await page.setContent(`<!doctype html><style>
    body { margin: 0; font: 15px/1.5 system-ui, sans-serif; color: #1d1d1d }
    header { padding: 20px 24px 14px; border-bottom: 1px solid #ddd }
    h1 { font-size: 20px; margin: 0 0 8px } p { margin: 0; color: #666 } b { color: #1d1d1d }
    iframe { border: 0; width: 100%; display: block; padding: 12px 16px; box-sizing: border-box }
  </style><header><h1></h1><p><b></b> to ${ADDRESS}</p></header><iframe></iframe>`);
  await page.evaluate(
    ({ subject, from, html }) =>
      new Promise<void>((resolve) => {
        const [title, sender] = [document.querySelector('h1'), document.querySelector('b')];
        const frame = document.querySelector('iframe');
        if (title === null || sender === null || frame === null) return;
        [title.textContent, sender.textContent] = [subject, from];
        frame.onload = () => {
          frame.style.height = `${(frame.contentDocument?.documentElement.scrollHeight ?? 0) + 24}px`;
          resolve();
        };
        frame.srcdoc = html;
      }),
    { subject: mail.subject ?? '', from: mail.from?.text.replaceAll('"', '') ?? '', html: mail.html || '' },
  );
  await page.locator('body').screenshot({ path: picture('message') });
}

await main();
