import path from 'node:path';
import { startFakeHttpAgent } from '@everbeat/testkit';
import { startApp } from './app';
import { PROJECT_DIR } from './appProcess';
import { launchBrowser, openView } from './browser';

/**
 * Takes the screenshot in the README: an inbox with a few tasks. Run it manually when the inbox has changed:
 * `node --import tsx tests/support/app/screenshot.ts`
 */
const PICTURE = path.join(PROJECT_DIR, 'docs/images/inbox.png');

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
  const [agent, app, browser] = await Promise.all([startFakeHttpAgent(), startApp(), launchBrowser()]);
  try {
    const { id: agentId } = await app.trpc.agent.create.mutate({
      ...{ name: 'Assistant', kind: 'http', config: { url: agent.url } },
    });
    for (const { name, briefs } of TASKS) {
      agent.next({ body: { title: briefs[0]?.title, content: briefs[0]?.summary, briefs } });
      const { id } = await app.trpc.task.create.mutate({
        ...{ name, instruction: name, agentId, automationMode: 'heartbeat', heartbeatInterval: 3_600 },
      });
      await app.trpc.task.start.mutate({ id });
      await app.task(id, 'its brief', (task) => task.briefs.length > 0);
    }
    const { page } = await openView(browser, app.url);
    await page.goto('/');
    await page.getByRole('article').waitFor();
    await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
    await page.screenshot({ path: PICTURE });
    console.log(`Wrote ${PICTURE}`);
  } finally {
    await browser.close();
    await app.stop();
    await agent.close();
  }
}

await main();
