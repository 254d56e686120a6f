import { expect, it } from 'vitest';
import { compareMcpTools, type McpTool } from './mcpServers';

const tool = (name: string, digest: string): McpTool => ({
  name,
  digest,
  description: '',
  inputSchema: {},
  readOnly: true,
  idempotent: true,
});

it('tells the tools that a person has seen from those that changed or came since', () => {
  const offered = compareMcpTools(
    [tool('read', '1'), tool('send', '1'), tool('gone', '1')],
    [tool('read', '1'), tool('send', '2'), tool('delete', '1')],
  );
  expect(offered.map(({ name, state }) => [name, state])).toEqual([
    ['read', 'accepted'],
    ['send', 'changed'],
    ['delete', 'new'],
  ]);
});
