import { once } from 'node:events';
import { createServer } from 'node:http';
import { createTempFolder, freePort } from '@everbeat/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runScript } from '../support/app/appProcess';
import { removeDataFolder } from '../support/app/dataFolder';

let dataDir: string;
let location: { DATA_DIR: string; PORT: string };

beforeEach(async () => {
  dataDir = await createTempFolder('e2e');
  location = { DATA_DIR: dataDir, PORT: String(await freePort()) };
});

afterEach(() => removeDataFolder(dataDir));

test('queue mode without its settings does not start, and lists everything that is missing', async () => {
  const { code, output } = await runScript('serve', { ...location, AGENT_RUNTIME_MODE: 'queue' });
  expect(code).toBe(1);
  for (const name of [
    'DATABASE_URL',
    'APP_URL',
    'QSTASH_TOKEN',
    'QSTASH_CURRENT_SIGNING_KEY',
    'QSTASH_NEXT_SIGNING_KEY',
  ]) {
    expect(output).toMatch(new RegExp(`^ {2}${name} is needed .+\\. \\w.+`, 'm'));
  }
  expect(output).not.toMatch(/^\s+at /m);
});

test('invalid settings are listed with their remedy, and a secret among them is not repeated', async () => {
  const { code, output } = await runScript('serve', {
    ...location,
    PORT: 'eighty',
    LOG_LEVEL: 'loud',
    ACCESS_PASSWORD: 'hunter2',
  });
  expect(code).toBe(1);
  expect(output).toContain('  PORT must be a whole number from 1 to 65535.');
  expect(output).toContain('  LOG_LEVEL is not a level of logging.');
  expect(output).toContain('  ACCESS_PASSWORD is shorter than 12 characters.');
  expect(output).not.toContain('hunter2');
});

test('an address that other machines can reach is refused without a password', async () => {
  const { code, output } = await runScript('serve', { ...location, HOST: '0.0.0.0' });
  expect(code).toBe(1);
  expect(output).toContain('HOST lets anyone on the network command your agents');
});

test('a port in use is reported in one sentence, before anything is started', async () => {
  const other = createServer().listen(Number(location.PORT), '127.0.0.1');
  await once(other, 'listening');
  const { code, output } = await runScript('serve', location);
  other.close();
  expect(code).toBe(1);
  expect(output).toContain(`Port ${location.PORT} is in use`);
  expect(output).not.toContain('Creating the database');
  expect(output).not.toMatch(/^\s+at /m);
});

test('a database that does not answer ends the start with the reason, without the password', async () => {
  const url = new URL(`postgres://ada:correct-horse@127.0.0.1:${await freePort()}/everbeat`);
  const { code, output } = await runScript('serve', { ...location, DATABASE_URL: url.href });
  expect(code).toBe(1);
  expect(output).toContain('ECONNREFUSED');
  expect(output).not.toContain('correct-horse');
});
