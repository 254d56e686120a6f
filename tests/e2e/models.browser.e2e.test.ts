import { type FakeModelProvider, startFakeModelProvider } from '@everbeat/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { seriousViolations, sidewaysOverflow } from '../support/app/accessibility';
import type { App } from '../support/app/app';
import { isChromiumMissing, takePicture } from '../support/app/browser';
import { browserTests } from '../support/app/browserTests';
import { visit } from '../support/app/visit';

const KEY = 'sk-canary-of-the-page';

describe.skipIf(isChromiumMissing())('the Models page', () => {
  let app: App;
  let provider: FakeModelProvider;
  let page: Page;

  browserTests(
    {
      farSides: async () => ({ provider: await startFakeModelProvider(KEY) }),
      env({ provider }) {
        provider.offer('gpt-4o', 'house-model');
        return { ANTHROPIC_API_KEY: KEY, ANTHROPIC_BASE_URL: `${provider.url}/v1` };
      },
      sharesPage: true,
    },
    (world) => {
      ({ app, provider, page } = world);
    },
  );

  const card = (label: string) => page.getByRole('listitem', { name: label, exact: true });

  test('shows what the environment sets, and takes, checks and removes a key', async () => {
    await visit(page, '/settings');
    await page.waitForURL('**/settings/models');
    await card('Anthropic').getByText('From the environment').waitFor();
    await card('Anthropic').getByText('Ready, with 2 models').waitFor();
    await card('OpenAI').getByText('Not set up').waitFor();
    await takePicture(page, 'models-1');

    await card('OpenAI').getByRole('button', { name: 'Add a key' }).click();
    await card('OpenAI').getByLabel('Key', { exact: true }).fill('sk-wrong');
    await card('OpenAI').getByLabel('Address (optional)').fill(`${provider.url}/v1`);
    await card('OpenAI').getByRole('button', { name: 'Check and save' }).click();
    await card('OpenAI')
      .getByRole('alert')
      .getByText(/OpenAI refused the key.*It was not saved/)
      .waitFor();
    expect(await app.trpc.modelProvider.list.query()).not.toContainEqual(
      expect.objectContaining({ provider: 'openai' }),
    );

    await card('OpenAI').getByLabel('Key', { exact: true }).fill(KEY);
    await card('OpenAI').getByRole('button', { name: 'Check and save' }).click();
    await card('OpenAI').getByText('Entered here').waitFor();
    await card('OpenAI').getByText('Ready, with 2 models').waitFor();
    expect(await page.content()).not.toContain('canary');
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'models-2');

    await page.getByLabel('Default model').selectOption('openai/gpt-4o');
    await page.getByText('The default model was changed').waitFor();
    const option = page.getByLabel('Default model').locator('option[value="openai/gpt-4o"]');
    expect(await option.innerText()).toContain('$2.50 in, $10.00 out per million tokens');
    expect(await app.trpc.modelProvider.defaultModel.query()).toEqual({
      model: 'openai/gpt-4o',
      source: 'stored',
    });

    const prices = page.getByRole('region', { name: 'Prices' });
    await prices.getByRole('button', { name: 'Set a price' }).click();
    await prices.getByLabel('Model', { exact: true }).fill('openai/house-model');
    await prices.getByLabel('Input', { exact: true }).fill('0.40');
    await prices.getByRole('button', { name: 'Save the price' }).click();
    await prices.getByText('Enter an amount in dollars').waitFor();
    await prices.getByLabel('Output', { exact: true }).fill('1.60');
    await prices.getByRole('button', { name: 'Save the price' }).click();
    await prices.getByText('$0.40 in, $1.60 out per million tokens').waitFor();
    const house = page.getByLabel('Default model').locator('option[value="openai/house-model"]');
    await expect.poll(() => house.innerText()).toContain('$0.40 in');
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'models-3');

    await visit(page, '/settings/models?price=openai-compatible%2Four-model');
    await prices.getByLabel('Input', { exact: true }).waitFor();
    expect(await prices.getByLabel('Model', { exact: true }).inputValue()).toBe(
      'openai-compatible/our-model',
    );
    await prices.getByRole('button', { name: 'Cancel' }).click();

    await card('OpenAI').getByRole('button', { name: 'Remove OpenAI' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await card('OpenAI').getByText('Not set up').waitFor();
    await page.getByText('openai/gpt-4o (not offered at the moment)').waitFor({ state: 'attached' });
  });

  test('an agent whose key is refused says so, leads to where it is corrected, and recovers', async () => {
    await app.trpc.modelProvider.save.mutate({
      provider: 'openai',
      apiKey: KEY,
      baseUrl: `${provider.url}/v1`,
    });
    const { id } = await app.trpc.agent.create.mutate({
      name: 'Harbour clerk',
      kind: 'model',
      config: { model: 'openai/gpt-4o' },
    });
    await visit(page, '/agents');
    const agent = page.getByRole('listitem').filter({ hasText: 'Harbour clerk' });
    await agent.getByText('Ready', { exact: true }).waitFor();

    provider.answerAll({ status: 401, body: '{"error":{"message":"Incorrect API key provided"}}' });
    await agent.getByRole('button', { name: 'Check again: Harbour clerk' }).click();
    await agent.getByText('This agent cannot run: it has to sign in anew.').waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await takePicture(page, 'models-4-not-ready');
    const task = await app.trpc.task.create.mutate({ instruction: 'Count the ships', agentId: id });
    await expect(app.trpc.task.start.mutate({ id: task.id })).rejects.toThrow('Harbour clerk cannot run');
    await agent.getByRole('link', { name: 'Open the models' }).click();
    await page.waitForURL('**/settings/models');

    provider.answerAll(null);
    await visit(page, '/agents');
    await agent.getByRole('button', { name: 'Check again: Harbour clerk' }).click();
    await agent.getByText('Ready', { exact: true }).waitFor();
  });

  test('a person makes the addresses of the feeds, which open without the page', async () => {
    await visit(page, '/settings/feeds');
    await page.getByRole('button', { name: 'Make the addresses' }).click();
    const addresses = page.getByRole('region', { name: 'New addresses' });
    await addresses.waitFor();
    expect(await sidewaysOverflow(page)).toBe(0);
    await takePicture(page, 'models-5-feeds');
    const urls = (await addresses.innerText()).match(/http:\S+/g) ?? [];
    expect(urls).toHaveLength(2);
    for (const url of urls) expect((await fetch(url)).status).toBe(200);

    await page.getByRole('button', { name: 'Turn the feeds off' }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Turn them off' }).click();
    await page.getByRole('button', { name: 'Make the addresses' }).waitFor();
    for (const url of urls) expect((await fetch(url)).status).toBe(404);
  });
});
