import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AGENT_KINDS, perAgentKind } from '@everbeat/domain';
import { describe, expect, it } from 'vitest';
import { agentKinds, createAgentRuntimes, taskSettingsFields } from '.';

describe('the kinds of agent', () => {
  it('each have a folder of their own', () => {
    const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    expect(folders.sort()).toEqual([...AGENT_KINDS].sort());
  });

  it.each(AGENT_KINDS)('run the contract suite: %s', (kind) => {
    const test = readFileSync(path.join(import.meta.dirname, kind, `${kind}Kind.test.ts`), 'utf8');
    expect(test).toContain(`describeAgentRuntime('${kind}'`);
  });

  it('each have a definition and a runtime', () => {
    const runtimes = createAgentRuntimes({
      addressPolicy: { privateAddresses: 'any' },
      providers: {},
      command: {
        commands: {},
        enabled: true,
        env: {},
        workspaces: tmpdir(),
        sandbox: { confinement: () => Promise.reject(new Error('Nothing is run here')) },
      },
    });
    const own = perAgentKind((kind) => kind);
    expect(perAgentKind((kind) => agentKinds[kind].kind)).toEqual(own);
    expect(perAgentKind((kind) => runtimes[kind].kind)).toEqual(own);
  });
});

describe("a task's settings for a kind of agent", () => {
  const fits = (kind: keyof typeof taskSettingsFields, settings: unknown): boolean =>
    taskSettingsFields[kind].safeParse(settings).success;

  it.each([
    ['a page', { url: 'https://example.com/a?b=c' }],
    ['a part of a page', { url: 'https://example.com', selector: 'main' }],
    ['nothing', undefined],
  ])('may be %s to watch', (_what, settings) => expect(fits('watch', settings)).toBe(true));

  it.each([
    ['a local file', { url: 'file:///etc/passwd' }],
    ['a script', { url: 'javascript:alert(1)' }],
    ['a part of no page', { selector: 'main' }],
    ['what Postgres cannot store', { url: 'https://example.com', selector: 'a\u0000' }],
    ['an unknown field', { url: 'https://example.com', selektor: 'main' }],
  ])('may not be %s to watch', (_what, settings) => expect(fits('watch', settings)).toBe(false));

  it('name the repository and the session of a command, and no path', () => {
    expect(fits('command', { repository: 'site', session: 'resume' })).toBe(true);
    expect(fits('command', { folder: '/srv/site' })).toBe(false);
  });

  it('do not exist for http agents', () => {
    expect(fits('http', undefined)).toBe(true);
    expect(fits('http', {})).toBe(false);
  });
});
