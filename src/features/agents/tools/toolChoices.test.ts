import { describe, expect, it } from 'vitest';
import { readHosts, readTools, writeTools } from './toolChoices';

describe('what a model may call, in the form', () => {
  it('is kept as it is stored', () => {
    const tools = {
      read_page: 'ask',
      http_request: { policy: 'allow', hosts: ['api.example.com'] },
      mcp: [{ serverId: '1', tools: { send: 'deny' } }],
    } as const;
    expect(readTools(writeTools(readTools(JSON.stringify(tools))))).toEqual(tools);
  });

  it('is empty where nothing is chosen, or nothing can be read', () => {
    expect(writeTools({ mcp: [] })).toBe('');
    expect(readTools('no JSON')).toEqual({});
  });

  it('has hosts, also where a person pastes addresses', () => {
    expect(readHosts('https://api.example.com/v1, *.example.org\nlocalhost:8080')).toEqual([
      'api.example.com',
      '*.example.org',
      'localhost:8080',
    ]);
  });
});
