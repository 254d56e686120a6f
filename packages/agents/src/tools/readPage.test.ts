import { type PageServer, startPageServer } from '@everbeat/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ToolError } from './port';
import { hostsIn } from './reach';
import { readPageTool } from './readPage';

const call = { occurrence: 'run:1', signal: AbortSignal.timeout(30_000) };

describe('the tool that reads pages', () => {
  let site: PageServer;
  beforeEach(async () => {
    site = await startPageServer();
  });
  afterEach(() => site.close());

  const tool = (instruction = `Read ${site.url} every day`) =>
    readPageTool('allow', {
      addressPolicy: { privateAddresses: 'typed' },
      browserPath: 'none',
      typedHosts: hostsIn(instruction),
    });

  it('shows the title, where the page is, and its text with whole links', async () => {
    site.serve({ status: 302, headers: { location: '/today' } });
    site.serve('<title>Harbour</title><p>Two ships, see <a href="ships">the list</a>.</p>', '/today');
    expect(await tool().execute({ url: site.url }, call)).toBe(
      `Harbour\n${site.url}/today\n\nTwo ships, see [the list](${site.url}/ships).`,
    );
  });

  it('shows a feed as its items', async () => {
    site.serve({
      headers: { 'content-type': 'application/rss+xml' },
      body: '<rss version="2.0"><channel><title>News</title><item><title>Ship came</title><link>https://example.com/1</link></item></channel></rss>',
    });
    expect(await tool().execute({ url: site.url }, call)).toContain('- [Ship came](https://example.com/1)');
  });

  it('shows a long page in parts of one reading', async () => {
    const paragraphs = Array.from(
      { length: 700 },
      (_, n) => `<p>Ship ${n} came in at dawn and left at noon.</p>`,
    );
    site.serve(`<title>Log</title>${paragraphs.join('')}`);
    const reading = tool();
    const first = await reading.execute({ url: site.url }, call);
    const second = await reading.execute({ url: site.url, part: '2' }, call);
    expect(first).toContain('[Part 1 of 2. The page goes on: ask for part 2.]');
    expect(first).toContain('Ship 0 came');
    expect(second).toContain('Ship 699 came');
    expect(site.visits).toHaveLength(1);
    await expect(reading.execute({ url: site.url, part: 3 }, call)).rejects.toThrow('There is no part 3');
  });

  it.each([
    ['a page that is not there', { status: 404 }, 'answered with status 404'],
    ['an empty answer', '', 'without any text'],
    ['a page against robots', '<title>Just a moment...</title>', 'a page against robots'],
    [
      'a page that scripts fill',
      '<title>App</title><div id="app"></div><script src="/app.js"></script>',
      'only where a browser runs its scripts',
    ],
  ])('says what is wrong with %s', async (_what, page, words) => {
    site.serve(page);
    await expect(tool().execute({ url: site.url }, call)).rejects.toThrow(words);
    await expect(tool().execute({ url: site.url }, call)).rejects.toBeInstanceOf(ToolError);
    await expect(tool().execute({ url: site.url }, call)).rejects.not.toThrow(/watch/i);
  });

  it('reaches no private address that the person has not written', async () => {
    site.serve('secret');
    await expect(tool('Read my mail').execute({ url: site.url }, call)).rejects.toThrow(/private|network/);
    expect(site.visits).toHaveLength(0);
  });

  it('follows no redirect to a private address that the person has not written', async () => {
    const elsewhere = await startPageServer();
    site.serve({ status: 302, headers: { location: elsewhere.url } });
    await expect(tool().execute({ url: site.url }, call)).rejects.toThrow(/private network/);
    expect(elsewhere.visits).toHaveLength(0);
    await elsewhere.close();
  });

  it.each([
    {},
    { url: 'file:///etc/passwd' },
    { url: 'https://user:pass@example.com' },
    { url: 'https://a.example', part: 0 },
  ])('refuses the input %j with words', async (input) => {
    await expect(tool().execute(input, call)).rejects.toBeInstanceOf(ToolError);
  });
});

describe('the hosts that a person wrote', () => {
  it.each([
    ['Watch http://192.168.1.4:8080/status and tell me', '192.168.1.4:8080'],
    ['Look at localhost:4810 every hour.', 'localhost:4810'],
    ['see https://[::1]:99/x', '[::1]:99'],
    ['example.com has news', 'example.com'],
  ])('%s', (text, host) => {
    expect(hostsIn(text)).toContain(host);
  });

  it('are those as they stand there, with their port', () => {
    expect(hostsIn('Look at http://10.0.0.7:8080')).not.toContain('10.0.0.7');
  });

  it('are no numbers', () => {
    expect([...hostsIn('Pay invoice 2130706433 or 0x7f000001 by 10:30')]).not.toContain('127.0.0.1');
    expect([...hostsIn('1 3232235777:80 2130706433:8080 10.1 127.1:80')]).toEqual([]);
    expect([...hostsIn('10.0.0.7, http://127.1')]).toEqual(['10.0.0.7', '127.0.0.1']);
  });
});
