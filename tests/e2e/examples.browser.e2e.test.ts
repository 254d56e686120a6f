import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TaskDetailView } from '@everbeat/domain';
import {
  type ChatTurn,
  type FakeChatModel,
  type PageServer,
  startFakeChatModel,
  startMcpServer,
  startPageServer,
  type TestMcpServer,
} from '@everbeat/testkit';
import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { seriousViolations } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { PROJECT_DIR } from '../support/app/appProcess';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

/** The site of the examples in the README. Here a server of the test stands for it. */
const EXAMPLE_SITE = 'https://harbour.example';

/** What a person types for each of the README's examples, word for word. */
async function readmeExamples(): Promise<string[]> {
  const readme = await readFile(path.join(PROJECT_DIR, 'README.md'), 'utf8');
  const [, section = ''] = readme.split('\n### Three examples\n');
  const quotes = (section.split(/\n##+ /)[0] ?? '').match(/(^> .*\n)+/gm) ?? [];
  return quotes.map((quote) => quote.replace(/^> /gm, '').replace(/\n/g, ' ').trim());
}

const call = (name: string, input: object): ChatTurn => ({ toolCalls: [{ name, arguments: input }] });

describe.skipIf(isChromiumMissing())("the README's examples, from an empty installation", () => {
  let app: App;
  let chat: FakeChatModel;
  let site: PageServer;
  let mail: TestMcpServer;
  let page: Page;
  /** The three instructions, about the site of the test. */
  let watch: string;
  let triage: string;
  let keep: string;

  browserTests(
    {
      async farSides() {
        const [chat, site, mail] = await Promise.all([
          startFakeChatModel(),
          startPageServer(),
          startMcpServer(),
        ]);
        return { chat, site, mail };
      },
      sharesPage: true,
    },
    (world) => {
      ({ app, chat, site, mail, page } = world);
    },
  );

  beforeAll(async () => {
    const examples = await readmeExamples();
    [watch = '', triage = '', keep = ''] = examples.map((text) => text.replaceAll(EXAMPLE_SITE, site.url));
    mail.serve(
      {
        name: 'list_mails',
        description: 'Lists mails of the inbox',
        annotations: { readOnlyHint: true },
        answer: () => '1: Ada, "Berth on Friday?"\n2: News of the harbour',
      },
      { name: 'send_mail', description: 'Sends a mail', answer: () => 'sent' },
    );
  });

  const button = (name: string): Locator => page.getByRole('button', { name, exact: true });
  const dialog = (): Locator => page.getByRole('dialog');

  async function createAgent(name: string, chooseTools = async () => {}): Promise<void> {
    await visit(page, '/agents');
    await page.getByRole('button', { name: 'New agent' }).first().click();
    await dialog().getByRole('textbox', { name: 'Name' }).fill(name);
    await dialog().getByRole('radio', { name: 'model' }).click();
    await chooseTools();
    await takePicture(page, `example-agent-${name.toLowerCase()}`);
    await button('Create agent').click();
    await page.getByText(`${name} created`).waitFor();
  }

  /** Fills in the dialog of a new task and starts it. Returns its identifier. */
  async function createTask(
    agent: string,
    instruction: string,
    chooseTimes: () => Promise<void>,
  ): Promise<string> {
    await visit(page, '/tasks?new=task');
    await dialog()
      .getByLabel('Agent', { exact: true })
      .selectOption({ label: `${agent} (model)` });
    await dialog().getByLabel('What should be looked after?').fill(instruction);
    await chooseTimes();
    await button('Create and start').click();
    await page.waitForURL(/\/tasks\/T-\d+$/);
    return page.url().split('/').at(-1) ?? '';
  }

  const runNow = (): Promise<void> => button('Run now').click();

  const runs = (identifier: string, count: number): Promise<TaskDetailView> =>
    app.task(identifier, `the end of run ${count}`, ({ topics }) =>
      [topics.length === count, topics[0]?.status === 'done'].every(Boolean),
    );

  test('a model is set up', async () => {
    await visit(page, '/settings/models');
    const card = page.getByRole('listitem', { name: "Another server with OpenAI's API" });
    await card.getByRole('button', { name: 'Set up' }).click();
    await card.getByLabel('Address').fill(chat.baseUrl);
    await card.getByRole('button', { name: 'Check and save' }).click();
    await card.getByText('Ready, with 1 model').waitFor();
    await page.getByLabel('Default model').selectOption('openai-compatible/fake-model');
    await page.getByText('The default model was changed').waitFor();
  });

  test('watch this page: a change is told once, and what was told is kept in the memory', async () => {
    await createAgent('Assistant');
    site.serve('<title>Arrivals</title><h1>Arrivals</h1><p>Anna, berth 4</p>', '/arrivals');
    chat.next(
      call('read_page', { url: `${site.url}/arrivals` }),
      call('write_document', { name: 'Memory', content: 'Told: Anna' }),
      call('create_brief', {
        type: 'insight',
        priority: 'normal',
        key: 'ship-anna',
        title: 'The Anna has come in',
        summary: 'She is at berth 4.',
      }),
      { text: 'The Anna is new.' },
    );
    const task = await createTask('Assistant', watch, async () => {
      await dialog().getByLabel('Every', { exact: true }).fill('15 minutes');
      await takePicture(page, 'example-watch-1-task');
    });
    await runs(task, 1);
    await visit(page, '/');
    await page.getByRole('article').filter({ hasText: 'The Anna has come in' }).waitFor();

    chat.next(call('read_page', { url: `${site.url}/arrivals` }), { text: 'Nothing new.' });
    await visit(page, `/tasks/${task}`);
    await runNow();
    const { briefs } = await runs(task, 2);
    expect(briefs).toHaveLength(1);
    const asked = chat.requests.map(({ body }) => JSON.stringify(body));
    expect(asked[1]).toContain('Anna, berth 4');
    expect(asked[4]).toContain('Told: Anna');
    await takePicture(page, 'example-watch-2-done');
  });

  test('triage my inbox: mails are read, and one is sent, once, after the person has approved it', async () => {
    await visit(page, '/settings/servers');
    await button('Add a server').click();
    await page.getByRole('textbox', { name: 'Name' }).fill('mail');
    await page.getByRole('textbox', { name: 'Address' }).fill(mail.url);
    await button('Save and check').click();
    await page.getByText('Ready, with 2 tools.').waitFor();
    await createAgent('Clerk', () =>
      dialog()
        .getByRole('checkbox', { name: /The tools of mail/ })
        .check(),
    );

    const reply = {
      to: 'ada@harbour.example',
      subject: 'Berth on Friday',
      text: 'Friday at ten is free for the Anna.',
    };
    chat.next(
      call('mail__list_mails', {}),
      call('mail__send_mail', reply),
      call('create_brief', {
        type: 'insight',
        priority: 'info',
        title: 'One new mail, answered: Ada has her berth',
        summary: 'The news of the harbour can wait.',
      }),
      { text: 'Ada has her answer.' },
    );
    const task = await createTask('Clerk', triage, () =>
      dialog().getByLabel('Every', { exact: true }).fill('1 hour'),
    );
    await app.task(task, 'its question', ({ briefs }) => briefs.length > 0);
    await visit(page, '/');
    const question = page.getByRole('article').filter({ hasText: 'may it call mail__send_mail?' });
    await question.getByText('Friday at ten is free').waitFor();
    expect(mail.calls.map(({ name }) => name)).toEqual(['list_mails']);
    await takePicture(page, 'example-triage-1-question');
    // The picture in the README is this one.
    await takePicture(question, 'approval');
    expect(await seriousViolations(page)).toEqual([]);

    await question.getByRole('button', { name: 'Approve once' }).click();
    await runs(task, 1);
    expect(mail.calls).toMatchObject([{ name: 'list_mails' }, { name: 'send_mail', input: reply }]);
    await visit(page, '/?view=unread');
    await page.getByRole('article').filter({ hasText: 'Ada has her berth' }).waitFor();
    await visit(page, `/tasks/${task}`);
    await button('Show the transcript').click();
    await page.getByText('7 steps').click();
    await takePicture(page, 'example-triage-2-steps');
    await page.getByText('Approved after').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('keep this report current: the document is shown, with its versions', async () => {
    const report = (lines: string): ChatTurn =>
      call('write_document', { name: 'Arrivals this week', content: lines });
    const task = await createTask('Assistant', keep, async () => {
      await dialog().getByRole('radio', { name: 'Schedule' }).click();
      await dialog().getByLabel('Pattern').fill('0 7 * * 1-5');
    });
    chat.next(call('read_page', { url: `${site.url}/arrivals` }), report('# Arrivals\n\n- Anna, berth 4'), {
      text: 'Written.',
    });
    await runNow();
    await runs(task, 1);
    site.serve('<title>Arrivals</title><p>Berta, berth 2</p><p>Anna, berth 4</p>', '/arrivals');
    chat.next(
      call('read_page', { url: `${site.url}/arrivals` }),
      report('# Arrivals\n\n- Berta, berth 2\n- Anna, berth 4'),
      { text: 'The Berta is new.' },
    );
    await runNow();
    await runs(task, 2);
    await page.getByRole('tab', { name: /Documents/ }).click();
    await page.getByText(/Version 2 by/).waitFor();
    await page.getByRole('button', { name: /Arrivals this week/ }).click();
    await page.getByText('Berta, berth 2').waitFor();
    await takePicture(page, 'example-keep-1-report');
  });
});
