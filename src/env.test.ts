import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ENV_NAMES, EnvError, type EnvSource, parseEnv } from './env';

const QUEUE: EnvSource = {
  AGENT_RUNTIME_MODE: 'queue',
  DATABASE_URL: 'postgres://app:secret@db.example.com/app',
  APP_URL: 'https://everbeat.example.com',
  QSTASH_TOKEN: 'token',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_current',
  QSTASH_NEXT_SIGNING_KEY: 'sig_next',
};

function accepted(source: EnvSource) {
  const result = parseEnv(source);
  if (!result.ok) throw new EnvError(result.problems);
  return result.env;
}

function refused(source: EnvSource): string[] {
  const result = parseEnv(source);
  return result.ok ? [] : result.problems.map(({ name }) => name).sort();
}

describe('what is accepted', () => {
  test('nothing at all: one process, on this machine, with the embedded database', () => {
    expect(accepted({})).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 3000,
      APP_URL: 'http://localhost:3000',
      DATA_DIR: '.data',
      DATABASE_URL: undefined,
      AGENT_RUNTIME_MODE: 'local',
      TASK_SCHEDULER: 'local',
      HEARTBEAT_MIN_SECONDS: 10,
      WATCHDOG_INTERVAL_SECONDS: 30,
      WATCHDOG_GRACE_SECONDS: 30,
      QSTASH_URL: 'https://qstash.upstash.io',
      QSTASH_MAX_DELAY_SECONDS: 604_800,
      ALLOW_PRIVATE_AGENT_URLS: true,
      LOG_LEVEL: 'info',
    });
  });

  test('an empty value is an absent one', () => {
    const empty = Object.fromEntries(ENV_NAMES.map((name) => [name, ' ']));
    expect(accepted(empty)).toEqual(accepted({}));
  });

  test('the address follows the port', () => {
    expect(accepted({ PORT: '3001' }).APP_URL).toBe('http://localhost:3001');
  });

  test('a slash at the end of the address is dropped', () => {
    expect(accepted({ APP_URL: 'https://everbeat.example.com/' }).APP_URL).toBe(
      'https://everbeat.example.com',
    );
  });

  test('queue mode takes QStash as its scheduler', () => {
    expect(accepted(QUEUE).TASK_SCHEDULER).toBe('qstash');
  });

  test('QStash may keep the time of a lasting process with the embedded database', () => {
    const env = accepted({
      ...QUEUE,
      AGENT_RUNTIME_MODE: 'local',
      TASK_SCHEDULER: 'qstash',
      DATABASE_URL: '',
    });
    expect(env).toMatchObject({ AGENT_RUNTIME_MODE: 'local', TASK_SCHEDULER: 'qstash' });
  });

  test('with a QStash on this machine, so may the application be', () => {
    const env = accepted({ ...QUEUE, APP_URL: 'http://localhost:3000', QSTASH_URL: 'http://127.0.0.1:8080' });
    expect(env.APP_URL).toBe('http://localhost:3000');
  });

  test('JSON values arrive as objects', () => {
    expect(accepted({ AGENT_COMMANDS: '{"report":"node report.mjs"}' }).AGENT_COMMANDS).toEqual({
      report: 'node report.mjs',
    });
    expect(accepted({ QSTASH_FORWARD_HEADERS: '{"x-bypass":"secret"}' }).QSTASH_FORWARD_HEADERS).toEqual({
      'x-bypass': 'secret',
    });
  });

  test('whether agents may call private addresses follows the mode, unless it is said', () => {
    const allowed = (value: string) => accepted({ ALLOW_PRIVATE_AGENT_URLS: value }).ALLOW_PRIVATE_AGENT_URLS;
    expect([allowed(''), allowed('1'), allowed('0')]).toEqual([true, true, false]);
  });

  test('the network may be served with a password', () => {
    expect(accepted({ HOST: '0.0.0.0', ACCESS_PASSWORD: 'long enough to hold' }).HOST).toBe('0.0.0.0');
  });
});

describe('what is refused', () => {
  test.each<[string, string, EnvSource]>([
    ['DATABASE_URL', 'another database', { DATABASE_URL: 'mysql://localhost/app' }],
    ['PORT', 'words', { PORT: 'http' }],
    ['PORT', 'a port out of range', { PORT: '70000' }],
    ['APP_URL', 'an address without a scheme', { APP_URL: 'everbeat.example.com' }],
    ['APP_URL', 'another scheme', { APP_URL: 'ftp://everbeat.example.com' }],
    ['APP_URL', 'a path', { APP_URL: 'https://example.com/everbeat' }],
    ['APP_URL', 'a query', { APP_URL: 'https://example.com/?a=1' }],
    ['ACCESS_PASSWORD', 'a short password', { ACCESS_PASSWORD: 'short' }],
    ['HOST', 'the network without a password', { HOST: '0.0.0.0' }],
    ['HOST', 'the network without a password, by IPv6', { HOST: '::' }],
    ['HOST', 'a name that only begins like this machine', { HOST: '127.0.0.1.example.com' }],
    ['AGENT_RUNTIME_MODE', 'an unknown mode', { AGENT_RUNTIME_MODE: 'cloud' }],
    ['TASK_SCHEDULER', 'a scheduler that is not there yet', { TASK_SCHEDULER: 'postgres' }],
    ['TASK_SCHEDULER', 'a local scheduler in queue mode', { ...QUEUE, TASK_SCHEDULER: 'local' }],
    ['DATABASE_URL', 'queue mode with the embedded database', { ...QUEUE, DATABASE_URL: '' }],
    ['APP_URL', 'queue mode without a public address', { ...QUEUE, APP_URL: '' }],
    ['QSTASH_TOKEN', 'queue mode without a token', { ...QUEUE, QSTASH_TOKEN: '' }],
    ['QSTASH_CURRENT_SIGNING_KEY', 'one signing key of two', { ...QUEUE, QSTASH_CURRENT_SIGNING_KEY: '' }],
    ['QSTASH_NEXT_SIGNING_KEY', 'the other signing key of two', { ...QUEUE, QSTASH_NEXT_SIGNING_KEY: '' }],
    ['AGENT_COMMANDS', 'commands in queue mode', { ...QUEUE, AGENT_COMMANDS: '{"a":"b"}' }],
    ['AGENT_COMMANDS', 'commands that are no JSON', { AGENT_COMMANDS: 'report=node' }],
    ['AGENT_COMMANDS', 'a list', { AGENT_COMMANDS: '["node"]' }],
    ['AGENT_COMMANDS', 'an empty command', { AGENT_COMMANDS: '{"report":" "}' }],
    ['QSTASH_FORWARD_HEADERS', 'a header that is none', { QSTASH_FORWARD_HEADERS: '{"a b":"c"}' }],
    ['HEARTBEAT_MIN_SECONDS', 'no interval', { HEARTBEAT_MIN_SECONDS: '0' }],
    ['HEARTBEAT_MIN_SECONDS', 'a part of a second', { HEARTBEAT_MIN_SECONDS: '1.5' }],
    ['ALLOW_PRIVATE_AGENT_URLS', 'a word', { ALLOW_PRIVATE_AGENT_URLS: 'maybe' }],
    ['MODEL_DEFAULT', 'a model without its provider', { MODEL_DEFAULT: 'some-model' }],
    ['LOG_LEVEL', 'an unknown level', { LOG_LEVEL: 'loud' }],
  ])('%s: %s', (name, _what, source) => {
    expect(refused(source)).toEqual([name]);
  });

  test.each([
    'http://localhost:3000',
    'http://127.0.0.1',
    'http://[::1]',
    'http://192.168.1.5',
    'http://mymachine',
  ])('an address that QStash in the cloud cannot reach: %s', (url) => {
    expect(refused({ ...QUEUE, APP_URL: url })).toEqual(['APP_URL']);
  });

  test('everything that is wrong is said at once, with what to do', () => {
    const source = { PORT: 'x', HOST: '0.0.0.0', AGENT_RUNTIME_MODE: 'queue', LOG_LEVEL: 'loud' };
    expect(refused(source)).toEqual([
      'APP_URL',
      'DATABASE_URL',
      'HOST',
      'LOG_LEVEL',
      'PORT',
      'QSTASH_CURRENT_SIGNING_KEY',
      'QSTASH_NEXT_SIGNING_KEY',
      'QSTASH_TOKEN',
    ]);
    const result = parseEnv(source);
    for (const { remedy } of result.ok ? [] : result.problems) expect(remedy).not.toBe('');
  });

  test('no value is repeated, for it may be a secret', () => {
    const result = parseEnv({ ACCESS_PASSWORD: 'hunter2', DATABASE_URL: 'secret-place' });
    const message = result.ok ? '' : new EnvError(result.problems).message;
    expect(message).toMatch(/ACCESS_PASSWORD is shorter than 12 characters/);
    expect(message).not.toMatch(/hunter2|secret-place/);
  });
});

test('.env.example shows every variable, and no other', () => {
  const example = readFileSync(path.join(import.meta.dirname, '../.env.example'), 'utf8');
  const shown = [...example.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name);
  expect(shown.sort()).toEqual([...ENV_NAMES].sort());
});

test('.env.example shows the defaults', () => {
  const example = readFileSync(path.join(import.meta.dirname, '../.env.example'), 'utf8');
  const shown = [...example.matchAll(/^# ([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value]);
  expect(accepted(Object.fromEntries(shown))).toEqual(accepted({}));
});
