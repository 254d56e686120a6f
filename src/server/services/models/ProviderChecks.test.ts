import { createTestClock, type LoopbackServer, listenOnLoopback, type TestClock } from '@everbeat/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { ProviderChecks } from './ProviderChecks';
import type { ProviderEntry } from './providerEntries';

/** A real server that counts who asks it, and answers as a provider with one model, or not at all. */
let server: LoopbackServer;
let asked = 0;
let answers: 'models' | 'fault' | 'never' = 'models';
let clock: TestClock;
let checks: ProviderChecks;

beforeEach(async () => {
  asked = 0;
  answers = 'models';
  server = await listenOnLoopback((_request, response) => {
    asked += 1;
    if (answers === 'never') return;
    response.writeHead(answers === 'fault' ? 500 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: [{ id: 'model-a' }] }));
  });
  clock = createTestClock();
  checks = new ProviderChecks({ clock, addressPolicy: { privateAddresses: 'any' } });
  return () => server.close();
});

const entry = (changes: Partial<ProviderEntry> = {}): ProviderEntry => ({
  provider: 'openai',
  source: 'stored',
  address: `${server.url}/v1`,
  apiKey: 'k',
  isStored: true,
  version: '1',
  ...changes,
});

describe('the answer of a provider', () => {
  it('stands for ten minutes where it is ready, and is asked for anew then', async () => {
    expect(await checks.of('ada', entry())).toMatchObject({ verdict: 'ready', models: [{ id: 'model-a' }] });
    await clock.advance(599_999);
    await checks.of('ada', entry());
    expect(asked).toBe(1);
    await clock.advance(1);
    await checks.of('ada', entry());
    expect(asked).toBe(2);
  });

  it('stands for a moment where it is a fault', async () => {
    answers = 'fault';
    expect((await checks.of('ada', entry())).verdict).not.toBe('ready');
    await clock.advance(14_999);
    await checks.of('ada', entry());
    expect(asked).toBe(1);
    await clock.advance(1);
    answers = 'models';
    expect((await checks.of('ada', entry())).verdict).toBe('ready');
  });

  it('is asked for by those who ask at the same time once', async () => {
    await Promise.all([checks.of('ada', entry()), checks.of('ada', entry())]);
    expect(asked).toBe(1);
  });

  it('is that of one user, one provider, one address and one version', async () => {
    await checks.of('ada', entry());
    const others = [
      ['bob', entry()],
      ['ada', entry({ provider: 'openai-compatible' })],
      ['ada', entry({ source: 'environment' })],
      ['ada', entry({ address: `${server.url}/v2` })],
      ['ada', entry({ version: '2' })],
    ] as const;
    for (const [user, other] of others) await checks.of(user, other);
    expect(asked).toBe(1 + others.length);
  });

  it('is asked for anew when a person wants that', async () => {
    await checks.of('ada', entry());
    await checks.of('ada', entry(), { anew: true });
    expect(asked).toBe(2);
  });

  it('is remembered of so many only: those that no longer stand go first', async () => {
    answers = 'fault';
    await checks.of('ada', entry({ version: 'fault' }));
    await clock.advance(15_000);
    answers = 'models';
    for (let version = 0; version < 199; version += 1)
      await checks.of('ada', entry({ version: `${version}` }));
    expect(asked).toBe(200);
    await checks.of('ada', entry({ version: 'one more' }));
    await checks.of('ada', entry({ version: '0' }));
    expect(asked).toBe(201);
    // All that is remembered stands now, so all of it goes.
    await checks.of('ada', entry({ version: 'too many' }));
    await checks.of('ada', entry({ version: '0' }));
    expect(asked).toBe(203);
  });
});

describe('a provider', () => {
  it('whose key cannot be opened is not asked', async () => {
    expect(await checks.ask(entry({ problem: 'No key' }))).toEqual({
      verdict: 'secrets-unreadable',
      message: 'No key',
      models: [],
    });
    expect(asked).toBe(0);
  });

  it('that does not answer in time is not reached, and no timer is left', async () => {
    answers = 'never';
    const asking = checks.ask(entry());
    await expect.poll(() => asked, { timeout: 10_000 }).toBe(1);
    await clock.advance(10_000);
    expect(await asking).toMatchObject({
      verdict: 'unreachable',
      message: expect.stringContaining(`${new URL(server.url).host} did not answer within 10 s`),
    });
    expect(clock.pending()).toBe(0);
  });

  it('at a private address is asked where the operator set it, whatever users may do', async () => {
    const strict = new ProviderChecks({ clock, addressPolicy: { privateAddresses: 'never' } });
    expect((await strict.ask(entry())).verdict).toBe('address-refused');
    expect((await strict.ask(entry({ isStored: false }))).verdict).toBe('ready');
    expect(clock.pending()).toBe(0);
  });
});
