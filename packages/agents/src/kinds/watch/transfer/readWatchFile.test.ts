import { LIMITS } from '@everbeat/domain';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { changeDetectionBackup, changeDetectionWatch } from '../../../../test/watchFiles/changeDetection';
import { FILE_END, fileStart, writeWatch } from './everbeatFile';
import { writeOpml } from './opml';
import { readWatchFile } from './readWatchFile';

const read = (text: string) => readWatchFile(strToU8(text));
const only = (text: string) => {
  const { watches } = read(text);
  expect(watches).toHaveLength(1);
  return watches[0];
};

describe('a list of addresses', () => {
  it('has one a line, with a title before or behind it', () => {
    const { format, watches } = read(
      [
        '# my pages',
        'https://example.com/news',
        '',
        'example.org/prices?id=1  Prices, every day',
        '- The harbour https://harbour.example/tides',
        '<https://example.net/>',
        'localhost:4810/status',
      ].join('\r\n'),
    );
    expect(format).toBe('list');
    expect(watches.map(({ url, name, problem }) => [url, name, problem])).toEqual([
      ['https://example.com/news', null, null],
      ['https://example.org/prices?id=1', 'Prices, every day', null],
      ['https://harbour.example/tides', 'The harbour', null],
      ['https://example.net/', null, null],
      ['http://localhost:4810/status', null, null],
    ]);
  });

  it('says which lines hold no address', () => {
    const { watches } = read(
      'https://example.com\njust words\nftp://files.example/\nhttps://me:pw@example.com/',
    );
    expect(watches.map(({ problem }) => problem)).toEqual([
      null,
      'Line 2 holds no web address.',
      'Line 3 holds no web address.',
      'The address must not hold a user name or password.',
    ]);
  });
});

describe('OPML', () => {
  const opml = `<?xml version="1.0"?>
    <opml version="2.0"><head><title>Subscriptions</title></head><body>
      <outline text="News">
        <outline text="Boats &amp; more" title="Boats &amp; more" type="rss" xmlUrl="https://boats.example/feed.xml" htmlUrl="https://boats.example/"/>
        <outline text="Only a page" htmlUrl="https://page.example/"/>
      </outline>
      <outline text="Top" type="rss" xmlUrl="https://top.example/rss"/>
      <outline text="An empty folder"/>
    </body></opml>`;

  it('brings the feeds of all folders', () => {
    const { format, watches } = read(opml);
    expect(format).toBe('opml');
    expect(watches.map(({ url, name }) => [url, name])).toEqual([
      ['https://boats.example/feed.xml', 'Boats & more'],
      ['https://page.example/', 'Only a page'],
      ['https://top.example/rss', 'Top'],
    ]);
    expect(watches[0]?.leftOut).toEqual(['The folder: Everbeat has none.']);
  });

  it('is read as it is written', () => {
    const feeds = [{ name: 'A & "B"', url: 'https://a.example/feed?x=1&y=2' }];
    expect(read(writeOpml(feeds)).watches.map(({ name, url }) => ({ name, url }))).toEqual(feeds);
  });

  it('is written without any feed too', () => {
    expect(() => read(writeOpml([]))).toThrow(
      'There are no watches in the file, which looks like one of a feed reader',
    );
  });
});

describe('a backup of changedetection.io', () => {
  const json = (watches: readonly object[]) => JSON.stringify(changeDetectionBackup(watches), null, 2);

  it('brings what a watch looks at, what it ignores, and when it looks', () => {
    const watch = only(
      json([
        {
          url: 'https://shop.example/mug',
          title: 'The mug',
          include_filters: ['#price', '.stock'],
          subtractive_selectors: ['header', '//aside'],
          ignore_text: ['visitors', '/updated \\d+/i'],
          trigger_text: ['in stock'],
          headers: {
            Authorization: 'Bearer canary',
            Cookie: 'sid=canary; theme=dark',
            'User-Agent': 'Me/1.0',
          },
          time_between_check: { weeks: null, days: 1, hours: 2, minutes: null, seconds: null },
          time_between_check_use_default: false,
          paused: true,
        },
      ]),
    );
    expect(watch).toMatchObject({
      name: 'The mug',
      settings: {
        url: 'https://shop.example/mug',
        selector: '#price, .stock',
        ignoreSelectors: ['header', '//aside'],
        ignoreText: ['visitors'],
        ignorePatterns: ['.*(?:updated \\d+).*'],
        onlyIfContains: 'in stock',
        headers: { Authorization: 'Bearer canary' },
        cookies: { sid: 'canary', theme: 'dark' },
        userAgent: 'Me/1.0',
      },
      intervalSeconds: 26 * 3_600,
      isPaused: true,
      leftOut: [],
      problem: null,
    });
    expect(watch?.carried).toContain('Headers: Authorization');
    expect(watch?.carried).toContain('Cookies: sid, theme');
    expect(JSON.stringify([watch?.carried, watch?.leftOut])).not.toContain('canary');
  });

  it.each([
    [['xpath://div[@id="a"]', '//p'], '//div[@id="a"] | //p'],
    [['json:$.price'], 'json:$.price'],
    [['jq:.items[].price'], '$.items[*].price'],
    [['jqraw:."a b"[0]'], undefined],
    [['css > a', '//p'], 'css > a'],
  ])('reads the filter %o', (include_filters, selector) => {
    expect(only(json([{ url: 'https://a.example', include_filters }]))?.settings?.selector).toBe(selector);
  });

  it('uses the usual interval where a watch has none of its own', () => {
    expect(only(json([{ url: 'https://a.example' }]))?.intervalSeconds).toBe(3 * 3_600);
  });

  it('says what it leaves out', () => {
    const watch = only(
      json([
        {
          url: 'https://a.example',
          tags: ['tag-1'],
          notification_urls: ['discord://canary'],
          browser_steps: [{ operation: 'Click element' }],
          trigger_text: ['first', 'second', '/third/'],
          headers: { Host: 'b.example', 'X-Ok': '1' },
          include_filters: ['jq:.[] | select(.a)'],
          ignore_text: ['/(?=lookahead)/'],
          fetch_backend: 'html_webdriver',
          time_schedule_limit: { enabled: true },
        },
      ]),
    );
    expect(watch?.settings).toMatchObject({ onlyIfContains: 'first', headers: { 'X-Ok': '1' } });
    expect(watch?.leftOut.join('\n')).toMatch(
      /Tags.*Notifications.*Browser steps.*The browser.*times of the week.*jq.*“second”.*“\/third\/”.*RE2.*Headers host|Host/s,
    );
    expect(JSON.stringify(watch)).not.toContain('discord://');
  });

  it.each([
    [{ method: 'POST' }, /asked for with POST/],
    [{ processor: 'image_ssim_diff' }, /compares screenshots/],
    [{ url: 'https://a.example/{% now "utc" %}' }, /is a template/],
    [{ url: 'file:///etc/passwd' }, /must be an http or https address/],
    [{ url: '' }, /There is no address/],
  ])('refuses a watch that is none here: %o', (fields, problem) => {
    expect(only(json([{ url: 'https://a.example', ...fields }]))).toMatchObject({
      settings: null,
      problem: expect.stringMatching(problem),
    });
  });

  it('is found in the zip, in the form of older and of newer versions', () => {
    const older = zipSync({
      'url-watches.json': strToU8(json([{ url: 'https://a.example' }, { url: 'https://b.example' }])),
      'uuid-0/1700000000.txt.br': strToU8('a snapshot'),
      'secret.txt': strToU8('canary'),
    });
    const newer = zipSync({
      'changedetection.json': strToU8(
        JSON.stringify({ settings: { requests: { time_between_check: { minutes: 30 } } } }),
      ),
      'uuid-0/watch.json': strToU8(JSON.stringify(changeDetectionWatch({ url: 'https://a.example' }))),
      'uuid-1/watch.json': strToU8(JSON.stringify(changeDetectionWatch({ url: 'https://b.example' }))),
    });
    expect(readWatchFile(older)).toMatchObject({ format: 'changedetection', watches: [{}, {}] });
    expect(readWatchFile(newer)).toMatchObject({
      watches: [{ url: 'https://a.example', intervalSeconds: 1_800 }, { url: 'https://b.example' }],
    });
  });

  it('survives fields of any kind', () => {
    const odd = {
      watching: { a: { url: 7, headers: 'x', include_filters: 3 }, b: null, c: 'text' },
      settings: [],
    };
    expect(read(JSON.stringify(odd)).watches.map(({ problem }) => problem)).toEqual(
      Array(3).fill('There is no address.'),
    );
  });
});

describe('the jobs of urlwatch', () => {
  it('are read with their filters, headers and cookies', () => {
    const { format, watches } = read(`---
name: "The release"
url: https://git.example/releases
filter:
  - css:
      selector: main
      exclude: .ads
  - html2text
  - grepi: visitors
  - re.sub: 'updated \\d+'
  - strip
headers:
  X-Token: canary-1
cookies:
  sid: canary-2
---
kind: url
url: https://api.example/tags
filter:
  - jq: '.[0].name'
---
# a comment alone
---
name: By its id
url: https://old.example/
filter: element-by-id:content,html2text
---
navigate: https://app.example/
`);
    expect(format).toBe('urlwatch');
    expect(watches).toMatchObject([
      {
        name: 'The release',
        settings: {
          selector: 'css:main',
          ignoreSelectors: ['css:.ads'],
          ignorePatterns: ['.*(?:visitors).*', 'updated \\d+'],
          headers: { 'X-Token': 'canary-1' },
          cookies: { sid: 'canary-2' },
        },
        leftOut: [],
      },
      { url: 'https://api.example/tags', settings: { selector: '$[0].name' } },
      { name: 'By its id', settings: { selector: '[id="content"]' } },
      { url: 'https://app.example/', leftOut: [expect.stringMatching(/opens one by itself/)] },
    ]);
    expect(JSON.stringify(watches.map(({ carried, leftOut }) => [carried, leftOut]))).not.toContain('canary');
  });

  it('that run commands or send data are refused', () => {
    const { watches } = read(
      'command: "ls -al ~"\n---\nurl: https://a.example\ndata: {a: b}\n---\nname: nothing\n',
    );
    expect(watches.map(({ problem }) => problem)).toEqual([
      expect.stringMatching(/runs a command of the shell/),
      expect.stringMatching(/sends data/),
      'The job names no address.',
    ]);
  });

  it('say which of their filters a watch does not have', () => {
    const watch = only(`url: https://a.example
filter:
  - xpath:
      path: //li
      maxitems: 2
  - shellpipe: "rm -rf /"
  - sort
  - re.sub: {pattern: a, repl: b}
  - grep: wanted
ssl_no_verify: true
ignore_connection_errors: true
user_visible_url: https://b.example
`);
    expect(watch?.settings).toEqual({ url: 'https://a.example', selector: 'xpath://li' });
    expect(watch?.leftOut.join('\n')).toMatch(
      /certificate.*Ignored errors.*shown instead.*xpath.*shellpipe.*sort.*re\.sub.*grep/s,
    );
  });

  it('whose aliases would grow without bound are refused', () => {
    const bomb = ['url: https://a.example', 'a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [name, before] of ['ba', 'cb', 'dc', 'ed', 'fe', 'gf', 'hg'].map((pair) => pair.split('')))
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${before}`).join(', ')}]`);
    expect(() => read(bomb.join('\n'))).toThrow(/looks like the YAML of urlwatch, but cannot be read/);
  });
});

describe('an export of Everbeat', () => {
  const exported = {
    name: 'Mug',
    url: 'https://shop.example/mug',
    settings: {
      url: 'https://shop.example/mug',
      selector: '#price',
      below: 45,
      includeNoise: true,
      headers: { 'X-Key': 'canary' },
      cookies: { sid: 'canary' },
      userAgent: 'Me/1.0',
    },
    everySeconds: 900,
    schedule: null,
    isPaused: false,
  };
  const text = `${fileStart(new Date(0))}${writeWatch(exported)},${writeWatch({ ...exported, everySeconds: null, schedule: { pattern: '0 9 * * *', timezone: 'UTC' } })}${FILE_END}`;

  it('is read again, without headers and cookies, of which it says that they are missing', () => {
    expect(text).not.toContain('canary');
    const { format, watches } = read(text);
    const { headers: _, cookies: __, ...kept } = exported.settings;
    expect(format).toBe('everbeat');
    expect(watches).toMatchObject([
      {
        name: 'Mug',
        settings: kept,
        intervalSeconds: 900,
        leftOut: [
          'headers.X-Key: its values were not exported; enter them on the task.',
          'cookies.sid: its values were not exported; enter them on the task.',
        ],
      },
      { schedule: { pattern: '0 9 * * *', timezone: 'UTC' }, intervalSeconds: null },
    ]);
  });

  it('does not bring what is no setting of a watch', () => {
    const odd = text.replace('"below":45', '"below":"cheap","timeoutSeconds":1,"__proto__":{"a":1}');
    const [watch] = read(odd).watches;
    expect(watch?.settings).not.toHaveProperty('timeoutSeconds');
    expect(watch?.settings).not.toHaveProperty('below');
  });
});

describe('a file that holds no watches', () => {
  it.each([
    ['', /There are no watches in the file/],
    ['# nothing', /There are no watches in the file/],
    ['{"a": 1}', /neither an export of Everbeat nor of changedetection/],
    ['{"watching": ', /looks like JSON, but cannot be read/],
    ['<html><body>', /looks like OPML, but cannot be read|no watches in the file/],
    ['name: a\n  b: [', /looks like the YAML of urlwatch, but cannot be read/],
  ])('is refused with what is wrong: %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('is refused when it is no text, or a zip of something else', () => {
    expect(() => readWatchFile(Uint8Array.of(0xff, 0x00, 0x80))).toThrow(/no text in UTF-8/);
    expect(() => readWatchFile(zipSync({ 'a.txt': strToU8('x') }))).toThrow(/holds no url-watches.json/);
    expect(() => readWatchFile(strToU8('PK and then nothing'))).toThrow(
      /looks like a zip, but cannot be read/,
    );
  });

  it('is refused when it holds too many, and a zip when it unpacks to too much', () => {
    const lines = (count: number) => 'https://a.example/\n'.repeat(count);
    expect(read(lines(LIMITS.importFileWatchesMax)).watches).toHaveLength(LIMITS.importFileWatchesMax);
    expect(() => read(lines(LIMITS.importFileWatchesMax + 1))).toThrow(/at most 3000 are read. Split it/);
    const bomb = zipSync({ 'url-watches.json': new Uint8Array(LIMITS.importUnpackedBytesMax + 1) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => readWatchFile(bomb)).toThrow(/holds more than 30000000 bytes/);
  });
});
