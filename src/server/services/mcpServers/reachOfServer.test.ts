import { describe, expect, it, test } from 'vitest';
import { reachOfServer } from './reachOfServer';

const programs = { commands: { files: 'server-files /tmp' }, enabled: true, folder: '/srv' };
const program = (command: string | null) => ({
  name: 'Files',
  transport: 'stdio' as const,
  url: null,
  headers: {},
  command,
});

describe('a program is reached', () => {
  it('by the command line that the operator has named, in the folder for programs', () => {
    expect(reachOfServer(program('files'), programs)).toEqual({
      transport: 'stdio',
      name: 'Files',
      folder: '/srv',
      command: ['/bin/sh', '-c', 'server-files /tmp'],
    });
  });

  it('never in queue mode', () => {
    expect(reachOfServer(program('files'), { ...programs, enabled: false })).toContain('local mode only');
  });

  test.each([
    ['has another name', 'shell', 'shell is not among the programs'],
    ['is named like a property of every object', 'constructor', 'constructor is not among the programs'],
    ['has no name', null, 'Nothing is not among the programs'],
  ])('not when it %s', (_why, command, message) => {
    expect(reachOfServer(program(command), programs)).toContain(message);
  });

  it('not without a name, whatever programs are called', () => {
    const named = { ...programs, commands: { null: 'server-files /tmp' } };
    expect(reachOfServer(program(null), named)).toContain('Nothing is not among the programs');
  });

  it('not while the operator has allowed none, and the answer says how to', () => {
    expect(reachOfServer(program('files'), { ...programs, commands: {} })).toContain('MCP_COMMANDS');
  });
});

it('a server with an address is reached there, with its headers; without one, not at all', () => {
  const server = { name: 'Search', transport: 'http', command: null, headers: { accept: 'text' } } as const;
  const url = 'https://search.example/mcp';
  expect(reachOfServer({ ...server, url }, programs)).toEqual({
    transport: 'http',
    name: 'Search',
    url,
    headers: { accept: 'text' },
  });
  expect(reachOfServer({ ...server, url: null }, programs)).toBe('It has no address.');
});
