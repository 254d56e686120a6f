import { describe, expect, test } from 'vitest';
import { EnvError, type EnvSource, parseEnv } from './parseEnv';
import { ENV_NAMES } from './variables';

const QUEUE: EnvSource = {
  AGENT_RUNTIME_MODE: 'queue',
  DATABASE_URL: 'postgres://app:secret@db.example.com/app',
  APP_URL: 'https://everbeat.example.com',
  QSTASH_TOKEN: 'token',
  QSTASH_CURRENT_SIGNING_KEY: 'sig_current',
  QSTASH_NEXT_SIGNING_KEY: 'sig_next',
};
const AT_HOME: EnvSource = { APP_URL: 'http://localhost:3000', QSTASH_URL: 'http://localhost:8080' };

function accepted(source: EnvSource) {
  const result = parseEnv(source);
  if (!result.ok) throw new EnvError(result.problems);
  return result.env;
}

function refused(source: EnvSource): string[] {
  const result = parseEnv(source);
  return result.ok ? [] : result.problems.map(({ name }) => name).sort();
}

describe('accepts', () => {
  test('no settings: one process on this machine, with the embedded database', () => {
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
      WATCHDOG_SCHEDULE_MINUTES: 10,
      WATCHDOG_GRACE_SECONDS: 30,
      QSTASH_URL: 'https://qstash.upstash.io',
      QSTASH_MAX_DELAY_SECONDS: 604_800,
      ALLOW_PRIVATE_AGENT_URLS: true,
      LOG_LEVEL: 'info',
    });
  });

  test('an empty value counts as absent', () => {
    const empty = Object.fromEntries(ENV_NAMES.map((name) => [name, ' ']));
    expect(accepted(empty)).toEqual(accepted({}));
  });

  test('APP_URL follows PORT by default', () => {
    expect(accepted({ PORT: '3001' }).APP_URL).toBe('http://localhost:3001');
  });

  test('a trailing slash of APP_URL is dropped', () => {
    expect(accepted({ APP_URL: 'https://everbeat.example.com/' }).APP_URL).toBe(
      'https://everbeat.example.com',
    );
  });

  test('queue mode uses QStash as its scheduler', () => {
    expect(accepted(QUEUE).TASK_SCHEDULER).toBe('qstash');
  });

  test('QStash may be the scheduler of a local process with the embedded database', () => {
    const env = accepted({
      ...QUEUE,
      AGENT_RUNTIME_MODE: 'local',
      TASK_SCHEDULER: 'qstash',
      DATABASE_URL: '',
    });
    expect(env).toMatchObject({ AGENT_RUNTIME_MODE: 'local', TASK_SCHEDULER: 'qstash' });
  });

  test('APP_URL may be local when QSTASH_URL is', () => {
    const env = accepted({ ...QUEUE, APP_URL: 'http://localhost:3000', QSTASH_URL: 'http://127.0.0.1:8080' });
    expect(env.APP_URL).toBe('http://localhost:3000');
  });

  test('JSON values are parsed to objects', () => {
    expect(accepted({ AGENT_COMMANDS: '{"report":"node report.mjs"}' }).AGENT_COMMANDS).toEqual({
      report: 'node report.mjs',
    });
    expect(accepted({ QSTASH_FORWARD_HEADERS: '{"x-bypass":"secret"}' }).QSTASH_FORWARD_HEADERS).toEqual({
      'x-bypass': 'secret',
    });
  });

  test('folders of commands are a path, or repositories by name', () => {
    const set = (AGENT_WORKSPACES: string) => accepted({ AGENT_WORKSPACES }).AGENT_WORKSPACES;
    expect(set('/srv/agents')).toEqual({ path: '/srv/agents' });
    expect(set('{"shop":"/srv/shop"}')).toEqual({ repositories: { shop: '/srv/shop' } });
  });

  test('agents may call private addresses unless that is turned off', () => {
    const allowed = (value: string) => accepted({ ALLOW_PRIVATE_AGENT_URLS: value }).ALLOW_PRIVATE_AGENT_URLS;
    expect([allowed(''), allowed('1'), allowed('0')]).toEqual([true, true, false]);
  });

  test.each([
    ['a server of one person', {}, true],
    ['one in a private network', { APP_URL: 'http://192.168.1.5:3000' }, true],
    ['one with a public address', { APP_URL: 'https://everbeat.example.com' }, false],
    ['queue mode, also in a private network', { ...QUEUE, ...AT_HOME }, false],
  ])(
    'by default the agents and channels of %s may call private addresses: %j → %s',
    (_which, source, may) => {
      const { ALLOW_PRIVATE_AGENT_URLS, NOTIFY_ALLOW_PRIVATE_URLS } = accepted(source);
      expect([ALLOW_PRIVATE_AGENT_URLS, NOTIFY_ALLOW_PRIVATE_URLS]).toEqual([may, may]);
      expect(accepted({ ...source, ALLOW_PRIVATE_AGENT_URLS: '1' }).ALLOW_PRIVATE_AGENT_URLS).toBe(true);
    },
  );

  test.each(['openai/gpt-5', 'openai-compatible/house/model', 'anthropic/m', 'google/m'])(
    'a default model of a known provider: %s',
    (name) => expect(accepted({ MODEL_DEFAULT: name }).MODEL_DEFAULT).toBe(name),
  );

  test('HOST may be a network address when there is a password', () => {
    expect(accepted({ HOST: '0.0.0.0', ACCESS_PASSWORD: 'long enough to hold' }).HOST).toBe('0.0.0.0');
  });
});

describe('refuses', () => {
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
    ['HOST', 'a name that only starts like a loopback address', { HOST: '127.0.0.1.example.com' }],
    ['AGENT_RUNTIME_MODE', 'an unknown mode', { AGENT_RUNTIME_MODE: 'cloud' }],
    ['TASK_SCHEDULER', 'an unknown scheduler', { TASK_SCHEDULER: 'postgres' }],
    ['TASK_SCHEDULER', 'a local scheduler in queue mode', { ...QUEUE, TASK_SCHEDULER: 'local' }],
    [
      'DATABASE_DIRECT_URL',
      'a direct way to no database',
      { DATABASE_DIRECT_URL: 'postgres://localhost/app' },
    ],
    ['DATABASE_URL', 'queue mode with the embedded database', { ...QUEUE, DATABASE_URL: '' }],
    ['APP_URL', 'queue mode without a public address', { ...QUEUE, APP_URL: '' }],
    ['QSTASH_TOKEN', 'queue mode without a token', { ...QUEUE, QSTASH_TOKEN: '' }],
    ['QSTASH_CURRENT_SIGNING_KEY', 'one signing key of two', { ...QUEUE, QSTASH_CURRENT_SIGNING_KEY: '' }],
    ['QSTASH_NEXT_SIGNING_KEY', 'the other signing key of two', { ...QUEUE, QSTASH_NEXT_SIGNING_KEY: '' }],
    ['AGENT_COMMANDS', 'commands in queue mode', { ...QUEUE, AGENT_COMMANDS: '{"a":"b"}' }],
    ['AGENT_COMMANDS', 'commands that are not JSON', { AGENT_COMMANDS: 'report=node' }],
    ['AGENT_COMMANDS', 'a list', { AGENT_COMMANDS: '["node"]' }],
    ['AGENT_COMMANDS', 'an empty command', { AGENT_COMMANDS: '{"report":" "}' }],
    ['AGENT_WORKSPACES', 'a path that depends on the folder it is started in', { AGENT_WORKSPACES: 'work' }],
    ['AGENT_WORKSPACES', 'such a path of a repository', { AGENT_WORKSPACES: '{"shop":"../shop"}' }],
    ['AGENT_WORKSPACES', 'a list', { AGENT_WORKSPACES: '["/srv/shop"]' }],
    ['QSTASH_FORWARD_HEADERS', 'an invalid header name', { QSTASH_FORWARD_HEADERS: '{"a b":"c"}' }],
    ['HEARTBEAT_MIN_SECONDS', 'zero', { HEARTBEAT_MIN_SECONDS: '0' }],
    ['HEARTBEAT_MIN_SECONDS', 'a fraction of a second', { HEARTBEAT_MIN_SECONDS: '1.5' }],
    ['ALLOW_PRIVATE_AGENT_URLS', 'a word', { ALLOW_PRIVATE_AGENT_URLS: 'maybe' }],
    ['MODEL_DEFAULT', 'a model without its provider', { MODEL_DEFAULT: 'some-model' }],
    ['MODEL_DEFAULT', 'a model of an unknown provider', { MODEL_DEFAULT: 'abacus/some-model' }],
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
    'http://nas.lan',
    'http://nas.home.arpa',
    'http://printer.local.',
  ])('an address that QStash in the cloud cannot reach: %s', (url) => {
    expect(refused({ ...QUEUE, APP_URL: url })).toEqual(['APP_URL']);
  });

  test('all problems are reported together, each with its remedy', () => {
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

  test('the message repeats no value, as it may be a secret', () => {
    const result = parseEnv({ ACCESS_PASSWORD: 'hunter2', DATABASE_URL: 'secret-place' });
    const message = result.ok ? '' : new EnvError(result.problems).message;
    expect(message).toMatch(/ACCESS_PASSWORD is shorter than 12 characters/);
    expect(message).not.toMatch(/hunter2|secret-place/);
  });
});
