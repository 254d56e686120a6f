import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createFakePrograms } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

describe.skipIf(isChromiumMissing())('a coding agent', () => {
  let programs: Awaited<ReturnType<typeof createFakePrograms>>;
  let app: App;
  let page: Page;

  const folderOf = (folder: string) => path.join(folder, 'shop');
  browserTests(
    {
      farSides: async () => ({ programs: await createFakePrograms() }),
      env: ({ programs: { claude, folder } }) => ({
        AGENT_COMMANDS: JSON.stringify({ claude }),
        AGENT_WORKSPACES: JSON.stringify({ shop: folderOf(folder) }),
        COMMAND_SANDBOX: 'off',
      }),
    },
    (world) => {
      ({ app, programs, page } = world);
    },
  );

  beforeAll(async () => {
    const shop = folderOf(programs.folder);
    await mkdir(shop);
    await writeFile(path.join(shop, 'README.md'), 'The shop');
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', shop, '-c', 'user.name=P', '-c', 'user.email=p@example.com', ...args]);
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'Begin');
  });

  const button = (name: string) => page.getByRole('button', { name, exact: true });

  test('is made in the form, shows its steps while it works, and where', async () => {
    await visit(page, '/agents');
    await page.getByRole('button', { name: 'New agent' }).first().click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Coder');
    await page.getByRole('radio', { name: 'command' }).click();
    await page.getByLabel('Command', { exact: true }).selectOption('claude');
    await page.getByLabel('Repository').selectOption('shop');
    await takePicture(page, 'coding-1-agent');
    await button('Create agent').click();
    await page.getByText('Coder created').waitFor();

    const agent = (await app.trpc.agent.list.query()).find(({ name }) => name === 'Coder');
    expect(agent?.config).toMatchObject({ command: 'claude', repository: 'shop' });
    const task = await app.trpc.task.create.mutate({
      instruction: 'Mend the tests',
      agentId: agent?.id,
      config: { command: { session: 'resume' } },
    });
    const says = (text: string) => ({
      type: 'assistant',
      session_id: '<session>',
      message: { content: [{ type: 'text', text }] },
    });
    const result = { type: 'result', subtype: 'success', is_error: false, num_turns: 1, result: 'Mended.' };
    await programs.next({
      prints: [says('I look at the tests.'), { ...result, session_id: '<session>', total_cost_usd: 0.02 }],
      holdsAfter: 1,
    });
    await app.trpc.task.run.mutate({ id: task.id });
    await visit(page, `/tasks/${task.identifier}`);
    await page.getByText('I look at the tests.').waitFor();
    await takePicture(page, 'coding-2-live');
    await programs.release();
    await page.getByText('Mended.').first().waitFor();

    await app.trpc.task.run.mutate({ id: task.id });
    await page.getByText('resumes #1').waitFor();
    await page
      .getByText(/^Claude Code session/)
      .first()
      .waitFor();
    await page.getByText(`everbeat/${task.identifier}-`).waitFor();
    await page.getByText('A worktree of shop').waitFor();
    await takePicture(page, 'coding-3-session');
    const [call] = await programs.seen();
    expect(call?.folder).toMatch(/\/workspaces\/[\da-f-]+\/shop-[\da-f]{12}$/);
  });
});
