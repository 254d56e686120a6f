import { type FakeHttpAgent, startFakeHttpAgent } from '@everbeat/testkit';
import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import {
  isChromiumMissing,
  openView,
  takePicture,
  type View,
  type ViewOptions,
} from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

/** Widths and colours are independent, so two views cover all four combinations. */
const VIEWS: Record<string, ViewOptions> = {
  'wide, light': {},
  'narrow, dark': { width: 390, height: 844, colorScheme: 'dark' },
};

/**
 * What a hostile page or agent would try. Each script among them would set `window.pwned` or open a dialog.
 */
const HOSTILE = [
  '<img src=x onerror="window.pwned = 1">',
  '<script>window.pwned = 2</script>',
  '<svg onload="alert(3)"></svg>',
  '<iframe srcdoc="<script>parent.pwned = 4</script>"></iframe>',
  '[link](javascript:window.pwned=5)',
  '![picture](https://tracker.invalid/pixel.png)',
  '"><b onmouseover="window.pwned = 6">',
].join(' ');

describe.skipIf(isChromiumMissing())('every page', () => {
  let app: App;
  let agent: FakeHttpAgent;
  let browser: Browser;
  /** Each page, with a text that it shows when it has loaded. */
  let pages: Record<string, string>;

  browserTests({ farSides: async () => ({ agent: await startFakeHttpAgent() }) }, (world) => {
    ({ app, agent, browser } = world);
  });

  beforeAll(async () => {
    const identifier = await fillWithHostileText();
    const task = `/tasks/${identifier}`;
    pages = {
      '/': 'Waiting for you',
      // Beside the rows on a wide screen alone: the brief, with “Mark read”.
      '/?view=unread': 'Unread',
      '/tasks': 'Fails',
      [task]: 'How it goes',
      [`${task}?run=1`]: 'Show the transcript',
      [`${task}?tab=briefs`]: 'What do these do?',
      [`${task}?tab=documents`]: 'every run reads it',
      [`${task}?tab=documents&document=Memory`]: 'Donaudampf',
      [`${task}?tab=comments`]: 'Donaudampf',
      [`${task}?tab=history`]: 'Not started → Scheduled',
      [`${task}?tab=links`]: 'Add a subtask',
      '/tasks/import': 'Show what would be imported',
      '/agents': 'Its tasks',
      '/system': 'Why runs failed',
      '/settings/models': 'OpenRouter',
      '/settings/budget': 'Save the budget',
      '/settings/notifications': 'No channel yet',
      '/settings/feeds': 'Make the addresses',
    };
  });

  /**
   * Makes every text that can come from outside hostile, and some words very long. Returns the task's
   * identifier.
   */
  async function fillWithHostileText(): Promise<string> {
    const { trpc } = app;
    const long = `${HOSTILE} ${'Donaudampfschifffahrt'.repeat(8)}`;
    const { id: agentId } = await trpc.agent.create.mutate({
      name: HOSTILE.slice(0, 80),
      kind: 'http',
      config: { url: agent.url },
    });
    const rule = { agentId, automationMode: 'heartbeat', heartbeatInterval: 3_600 } as const;
    const task = await trpc.task.create.mutate({ name: long.slice(0, 200), instruction: long, ...rule });
    const subtask = { name: HOSTILE.slice(0, 200), instruction: HOSTILE, parentTaskId: task.id };
    await trpc.task.create.mutate(subtask);
    await trpc.task.comment.mutate({ id: task.id, content: long });
    await trpc.document.save.mutate({ taskId: task.id, name: 'Memory', content: long });
    await trpc.document.save.mutate({
      taskId: task.id,
      name: 'Donaudampfschifffahrt'.repeat(3),
      content: '',
    });
    const diff = '```diff\n-<script>window.pwned = 7</script>\n+a very long line '.concat(
      'without end '.repeat(30),
      '\n```',
    );
    const briefs = (['urgent', 'normal', 'info'] as const).map((priority) => ({
      type: 'insight',
      priority,
      title: HOSTILE.slice(0, 200),
      summary: `${long}\n\n${diff}`,
    }));
    agent.next({ body: { title: long.slice(0, 200), content: long, briefs } });
    await trpc.task.start.mutate({ id: task.id });
    await app.task(task.id, 'its briefs', (seen) => seen.briefs.length === 3);
    const failing = await trpc.task.create.mutate({ name: 'Fails', instruction: 'Fail', ...rule });
    agent.next({ body: { status: 'error', content: '', errorMessage: long } });
    await trpc.task.start.mutate({ id: failing.id });
    await app.task(failing.id, 'its failure', (seen) => seen.briefs.length === 1);
    return task.identifier;
  }

  async function visitLoaded({ page }: View, path: string): Promise<void> {
    await visit(page, path);
    await page
      .getByRole('main')
      .getByText(pages[path] ?? '')
      .first()
      .waitFor();
    await page.getByText('Loading…').first().waitFor({ state: 'detached' });
  }

  describe.each(Object.entries(VIEWS))('on a %s screen', (name, options) => {
    test('fits its width, is accessible, logs no error and runs no hostile text', async () => {
      const view = await openView(browser, app.url, options);
      const findings: string[] = [];
      for (const path of Object.keys(pages)) {
        await visitLoaded(view, path);
        await takePicture(view.page, `${name}${path}`.replace(/[^\w]+/g, '-'));
        const overflow = await sidewaysOverflow(view.page);
        if (overflow > 0) findings.push(`${path} is ${overflow} px too wide`);
        for (const violation of await seriousViolations(view.page)) findings.push(`${path} ${violation}`);
        for (const trace of await hostileTraces(view)) findings.push(`${path} ${trace}`);
        for (const complaint of view.complaints.splice(0)) findings.push(`${path} ${complaint}`);
      }
      await view.close();
      expect(findings).toEqual([]);
    });

    test('the dialog of a new task fits and is accessible', async () => {
      const view = await openView(browser, app.url, options);
      await visitLoaded(view, '/tasks');
      await view.page.keyboard.press('n');
      await view.page.getByRole('dialog').getByLabel('What should be looked after?').waitFor();
      await view.page.getByText('More settings').click();
      await takePicture(view.page, `${name}-new-task`.replace(/[^\w]+/g, '-'));
      expect(await seriousViolations(view.page)).toEqual([]);
      expect(await sidewaysOverflow(view.page)).toBe(0);
      expect(view.complaints).toEqual([]);
      await view.close();
    });
  });

  /** Traces of scripts that ran, and elements that text from outside must not become. */
  const hostileTraces = ({ page }: View): Promise<string[]> =>
    page.evaluate(() => [
      ...('pwned' in window ? [`ran script ${window.pwned}`] : []),
      ...[
        ...document.querySelectorAll(
          'main img, main iframe, main script, main [onmouseover], a[href^="javascript"]',
        ),
      ].map((element) => `holds ${element.outerHTML}`),
    ]);
});
