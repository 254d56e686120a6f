import { describe, expect, it } from 'vitest';
import { isAddress, suitedAgent } from './suitedAgent';

describe('what is typed', () => {
  it.each([
    'https://example.com/news?id=1',
    'example.com',
    'example.com/news',
    'www.example.co.uk?page=2',
    'localhost:4810',
    'localhost/x',
    'harbour:8080/x',
    '127.0.0.1:9/',
    '192.168.1.20/status',
    'münchen.de',
    '  example.com  ',
  ])('%j is an address', (text) => expect(isAddress(text)).toBe(true));

  it.each(['', 'Count', 'Count.', 'Count the boats.', 'Read example.com each day', 'e.g', 'T-12', '3.5'])(
    '%j is none',
    (text) => expect(isAddress(text)).toBe(false),
  );
});

describe('the agent for it', () => {
  const agents = [
    { id: 'w', kind: 'watch', problem: null },
    { id: 'broken', kind: 'http', problem: 'It has no address' },
    { id: 'm', kind: 'model', problem: null },
    { id: 'c', kind: 'command', problem: null },
  ] as const;
  const chosen = (text: string, present = '') => suitedAgent(agents, text, present)?.id;

  it('watches what is an address, and else reads words, and can run', () => {
    expect(chosen('example.com')).toBe('w');
    expect(chosen('Count the boats')).toBe('m');
    expect(chosen('')).toBeUndefined();
    expect(suitedAgent([agents[0]], 'Count the boats', '')).toBeUndefined();
  });

  it('stays if it will do', () => {
    expect(chosen('Count the boats', 'c')).toBe('c');
    expect(chosen('example.com', 'c')).toBe('w');
  });
});
