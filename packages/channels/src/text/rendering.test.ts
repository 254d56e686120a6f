import fc from 'fast-check';
import { parse } from 'parse5';
import { describe, expect, it } from 'vitest';
import { exampleDigest, exampleMessage } from '../../test/examples';
import { discordMessage, escapeDiscord } from '../kinds/discord/discordMessage';
import { mailOf } from '../kinds/email/mail';
import { ntfyMessage } from '../kinds/ntfy/ntfyMessage';
import { pushPayload } from '../kinds/push/pushMessage';
import { slackMessage } from '../kinds/slack/slackMessage';
import { telegramMessage } from '../kinds/telegram/telegramMessage';
import type { ChannelMessage } from '../port';
import { plainOfMarkdown } from './plain';

/** What agents and pages may write to make a message do something else. */
const HOSTILE = [
  '@everyone',
  '@here',
  '<!channel>',
  '<!here|here>',
  '<@U123>',
  '<@&99>',
  '<#C1>',
  '<https://evil.example|https://good.example>',
  '[Approve](https://evil.example)',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/p.png)',
  '[a][1]\n\n[1]: https://evil.example',
  '<a href="https://evil.example">Approve</a>',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</pre></blockquote></body>',
  '**',
  '`',
  '```',
  '~~~',
  '> ',
  '- ',
  '# ',
  '|',
  '||',
  '\\',
  '&lt;',
  '&amp;lt;',
  '"',
  "'",
  '\r\n',
  '\n\n',
  'Bcc: a@example.net',
  '\u202e',
  '\u2066',
  '\u0000',
  '\ud800',
  '\u{1f600}',
  '\u2028',
  'x'.repeat(3_000),
];

const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 20 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

const hostileMessage: fc.Arbitrary<ChannelMessage> = fc
  .record({
    title: hostileText,
    text: hostileText,
    task: fc.option(fc.record({ identifier: fc.constant('T-1'), title: hostileText })),
    labels: fc.array(hostileText, { maxLength: 6 }),
    lines: fc.option(fc.array(hostileText, { maxLength: 80 })),
    host: fc.constantFrom('http://localhost:3000', 'https://everbeat.example.com'),
  })
  .map(({ labels, lines, host, ...fields }) =>
    exampleMessage({
      ...fields,
      url: `${host}/tasks/T-1`,
      actions: labels.map((label, index) => ({
        key: `k${index}`,
        label,
        url: `${host}/a/token-${index}`,
        token: `token-${index}`,
      })),
      ...(lines === null
        ? {}
        : { lines: lines.map((title) => ({ title, url: `${host}/tasks/T-2`, count: 3 })) }),
    }),
  );

const holds = (check: (message: ChannelMessage) => void): void => {
  fc.assert(fc.property(hostileMessage, check), { numRuns: 150 });
};

const isOurs = (url: string): boolean =>
  /^(http:\/\/localhost:3000|https:\/\/everbeat\.example\.com)\//.test(url);

describe('whatever the texts say', () => {
  const tellings = [{}, { takesPresses: true }, { outcome: 'Answered: <!channel> @all *Yes*' }];

  it.each(tellings)(
    'a message for Slack keeps within its limits, and links only where we do: %j',
    (telling) => {
      holds((message) => {
        const { blocks, text } = slackMessage(message, telling);
        const parts = blocks.flatMap((block) => [block.text, ...(block.elements ?? [])]);
        const buttons = parts.filter((part) => part?.type === 'button');
        expect(blocks.length).toBeLessThanOrEqual(50);
        const acting = buttons.filter(({ value }) => value !== undefined);
        if (acting.length > 0) {
          expect(acting).toHaveLength('takesPresses' in telling ? message.actions.length : 0);
          const asked = plainOfMarkdown(message.text);
          const isShown = asked === '' || parts.some((part) => part?.text === asked);
          expect(isShown, 'what is agreed to is shown whole').toBe(true);
        }
        expect(new Set(buttons.map(({ action_id }) => action_id)).size).toBe(buttons.length);
        for (const { text: label, url, value } of buttons) {
          expect(label.text.length).toBeGreaterThan(0);
          expect(label.text.length).toBeLessThanOrEqual(75);
          expect(url === undefined ? /^token-\d$/.test(value ?? '') : isOurs(url)).toBe(true);
        }
        for (const part of parts) {
          if (part === undefined || part.type === 'button') continue;
          expect(part.text.length).toBeGreaterThan(0);
          expect(part.text.length).toBeLessThanOrEqual(3_000);
          if (part.type !== 'mrkdwn') continue;
          for (const [, inner = ''] of part.text.matchAll(/<([^>]*)>/g)) expect(isOurs(inner)).toBe(true);
        }
        expect(text).not.toMatch(/<|>/);
      });
    },
  );

  it('a message for Discord keeps within its limits, and calls nobody', () => {
    holds((message) => {
      const { embeds, allowed_mentions, components = [] } = discordMessage(message);
      const [embed] = embeds;
      expect(allowed_mentions).toEqual({ parse: [] });
      expect(embed?.title.length).toBeLessThanOrEqual(256);
      expect(embed?.description.length).toBeLessThanOrEqual(4_096);
      expect(embed?.footer.text.length).toBeLessThanOrEqual(2_048);
      expect(embed?.description ?? '').not.toMatch(/(?<!\\)\]\(/);
      for (const { components: buttons } of components) {
        expect(buttons.length).toBeLessThanOrEqual(5);
        for (const { label, url } of buttons) {
          expect(label.length).toBeLessThanOrEqual(80);
          expect(isOurs(url)).toBe(true);
        }
      }
    });
  });

  it.each(tellings)(
    'a message for Telegram keeps within its limits, is HTML that it takes, and mentions nobody: %j',
    (telling) => {
      holds((message) => {
        const { text, reply_markup: markup } = telegramMessage(message, telling);
        const tags = [...text.matchAll(/<[^>]*>/g)].map(([tag]) => tag);
        for (const tag of tags)
          expect(tag).toMatch(
            /^<(\/?b|\/a|a href="(http:\/\/localhost:3000|https:\/\/everbeat\.example\.com)\/[^"<>]*")>$/,
          );
        const visible = text.replace(/<[^>]*>/g, '').replace(/&\w+;|&#39;/g, '.');
        expect(visible.length).toBeLessThanOrEqual(4_096);
        expect(visible).not.toMatch(/(?<![\w.])@\w/);
        for (const { text: label, url, callback_data: token } of markup?.inline_keyboard.flat() ?? []) {
          expect(label.length).toBeGreaterThan(0);
          expect(url === undefined ? /^token-\d$/.test(token ?? '') : isOurs(url)).toBe(true);
        }
      });
    },
  );

  it('a message for ntfy keeps within its limits', () => {
    holds((message) => {
      const { title, message: text, actions } = ntfyMessage(message);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_096);
      expect(title).not.toMatch(/[\r\n]/);
      expect(actions.length).toBeLessThanOrEqual(3);
      for (const { url } of actions) expect(isOurs(url)).toBe(true);
    });
  });

  it('a push message keeps within what a push service takes', () => {
    holds((message) => {
      // 4096 bytes less what encrypts them.
      expect(Buffer.byteLength(pushPayload(message))).toBeLessThanOrEqual(3_993);
    });
  });

  it('a mail has one line of subject, and its HTML links to what it shows', () => {
    holds((message) => {
      const { subject, html, text } = mailOf(message, { from: 'a@example.com', to: 'b@example.org' });
      expect(subject.length).toBeLessThanOrEqual(200);
      expect(subject).not.toMatch(/\p{Cc}/u);
      expect(text.replace(/[\n\t]/g, '')).not.toMatch(/[\p{Cc}\u202e]/u);
      const links = linksOf(parse(html));
      for (const { href, shown } of links) {
        if (!isOurs(href)) expect(href.replace(/^mailto:/, '')).toBe(shown);
      }
      expect(html).not.toMatch(/<(script|img|iframe|style|form|input)/i);
    });
  });
});

interface TreeNode {
  nodeName: string;
  childNodes?: TreeNode[];
  attrs?: { name: string; value: string }[];
  value?: string;
}

const textIn = (node: TreeNode): string => node.value ?? (node.childNodes ?? []).map(textIn).join('');

const linksOf = (node: TreeNode): { href: string; shown: string }[] => [
  ...(node.nodeName === 'a'
    ? [{ href: node.attrs?.find(({ name }) => name === 'href')?.value ?? '', shown: textIn(node) }]
    : []),
  ...(node.childNodes ?? []).flatMap(linksOf),
];

describe('Markdown as plain text', () => {
  it.each([
    ['a **bold** word', 'a bold word'],
    ['# Title\n\ntext', 'Title\n\ntext'],
    ['[notes](https://example.com/a)', 'notes (https://example.com/a)'],
    ['<https://example.com/a>', 'https://example.com/a'],
    ['see https://example.com/a.', 'see https://example.com/a.'],
    ['[https://good.example](https://evil.example/)', 'https://good.example (https://evil.example/)'],
    ['[x](javascript:alert(1))', 'x'],
    ['![A chart](https://example.com/c.png)', 'A chart (https://example.com/c.png)'],
    ['- a\n- b\n  - c', '- a\n- b\n  - c'],
    ['3. a\n4. b', '3. a\n4. b'],
    ['- [x] done\n- [ ] open', '- [x] done\n- [ ] open'],
    ['> said', '> said'],
    ['```js\nlet a;\n```', 'let a;'],
    ['| a | b |\n|---|---|\n| 1 | 2 |', 'a | b\n1 | 2'],
    ['<b>raw</b>', '<b>raw</b>'],
  ])('shows %j as %j', (markdown, plain) => expect(plainOfMarkdown(markdown)).toBe(plain));

  it.each([
    '>'.repeat(20_000),
    '[('.repeat(10_000),
    '*_'.repeat(10_000),
    '- '.repeat(10_000),
    '![['.repeat(6_000),
  ])('takes text that is made to be slow or deep: %#', (markdown) => {
    const began = performance.now();
    expect(plainOfMarkdown(markdown).length).toBeGreaterThan(0);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

it('leaves addresses as they are in Discord, and escapes all else', () => {
  expect(escapeDiscord('see https://example.com/a_b_c and *this* [x](https://e.example)')).toBe(
    'see https://example.com/a_b_c and \\*this\\* \\[x\\]\\(https://e.example\\)',
  );
});

it('tells how many lines of a long digest are not shown', () => {
  const lines = Array.from({ length: 90 }, (_, index) => ({
    title: `Task ${index}`,
    url: 'https://everbeat.example.com/',
    count: 1,
  }));
  const { text } = mailOf(exampleDigest({ lines }), { from: 'a@example.com', to: 'b@example.org' });
  expect(text).toContain('and 40 more');
});
