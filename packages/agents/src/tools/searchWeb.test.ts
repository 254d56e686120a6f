import { listenOnLoopback, type PageServer, startPageServer } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PART, pour } from '../../test/misbehaving';
import { type SearchProvider, searchWebTool } from './searchWeb';

const call = { occurrence: 'run:1', signal: AbortSignal.timeout(10_000) };

describe('the tool that searches the web', () => {
  let service: PageServer;
  beforeEach(async () => {
    service = await startPageServer();
  });
  afterEach(() => service.close());

  const search = (kind: SearchProvider['kind'], input: unknown = { query: 'ships & boats', count: 2 }) =>
    searchWebTool('allow', { kind, url: service.url, apiKey: 'the-key' }).execute(input, call);

  const results = [
    { title: 'One', url: 'https://a.example/', description: 'A <b>ship</b>', content: 'A <b>ship</b>' },
    { title: null, url: 'https://b.example/' },
    { title: 'Three', url: 'https://c.example/' },
  ];
  const SHOWN = '1. One\nhttps://a.example/\nA ship\n\n2. https://b.example/\nhttps://b.example/';

  it('asks Brave', async () => {
    service.serve(JSON.stringify({ web: { results } }), '/?q=ships+%26+boats&count=2');
    expect(await search('brave')).toBe(SHOWN);
    expect((await service.visited(1)).headers).toMatchObject({ 'x-subscription-token': 'the-key' });
  });

  it('asks Tavily', async () => {
    service.serve(JSON.stringify({ results }));
    expect(await search('tavily')).toBe(SHOWN);
    expect((await service.visited(1)).headers).toMatchObject({ authorization: 'Bearer the-key' });
  });

  it('asks a SearXNG server', async () => {
    service.serve(JSON.stringify({ results }), '/search?q=ships+%26+boats&format=json');
    expect(await search('searxng')).toBe(SHOWN);
  });

  it('says that nothing was found', async () => {
    service.serve('{"results":[]}');
    expect(await search('tavily')).toBe('Nothing was found.');
  });

  it.each([
    [{ status: 401 }, 'refused its key'],
    [{ status: 429 }, 'asked too often'],
    [{ status: 500 }, 'status 500'],
    ['<html>', 'no JSON'],
    ['{"results":7}', 'something else than results'],
  ])('says what failed: %j', async (answer, words) => {
    service.serve(answer);
    await expect(search('tavily')).rejects.toThrow(words);
  });

  it('follows no redirect, which could lead into the network of the server', async () => {
    const elsewhere = await startPageServer();
    service.serve({ status: 302, headers: { location: elsewhere.url } });
    await expect(search('tavily')).rejects.toThrow('status 302');
    expect(elsewhere.visits).toHaveLength(0);
    await elsewhere.close();
  });

  it('is done with a service whose answer does not end, and with one that hangs', async () => {
    let isEndless = true;
    const odd = await listenOnLoopback((_request, response) => {
      if (isEndless) pour(response.writeHead(200), PART);
    });
    const searching = (signal: AbortSignal) =>
      searchWebTool('allow', { kind: 'searxng', url: odd.url }).execute(
        { query: 'ships' },
        { ...call, signal },
      );
    await expect(searching(call.signal)).rejects.toThrow(/more than \d+ bytes/);
    isEndless = false;
    await expect(searching(AbortSignal.timeout(200))).rejects.toThrow();
    await odd.close();
  });

  it('wants something to search for', async () => {
    await expect(search('brave', { query: ' ' })).rejects.toThrow('cannot be made');
  });
});
