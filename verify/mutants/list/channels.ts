import { type Check, unit } from '../mutant';
import { boundaries } from './boundaryMutants';

const SRC = 'packages/channels/src';
const TEXTS: Check[] = [unit(`${SRC}/text`)];
const CONTRACT: Check[] = [unit(`${SRC}/kinds/webhook`)];

/** What texts of agents and pages may do in a message, and where messages may go. */
export const CHANNEL_GUARDS = boundaries([
  [
    `${SRC}/text/markdown.ts`,
    'a link in a message shows where it leads',
    "return [...label, { kind: 'text', text: ' (' }, { kind: 'link', url: href }, { kind: 'text', text: ')' }];",
    'return label;',
    TEXTS,
  ],
  [`${SRC}/text/html.ts`, 'text in the HTML of a mail', ".replaceAll('<', '&lt;')", '', TEXTS],
  [
    `${SRC}/kinds/discord/discordMessage.ts`,
    'nobody is called in Discord',
    'allowed_mentions: { parse: [] },',
    "allowed_mentions: { parse: ['everyone'] },",
    TEXTS,
  ],
  [
    `${SRC}/kinds/telegram/telegramMessage.ts`,
    'nobody is mentioned in Telegram',
    "text.replace(/(?<![\\w.])@(?=\\w)/g, '@\\u2060')",
    'text',
    TEXTS,
  ],
  [
    `${SRC}/kinds/slack/slackMessage.ts`,
    'links and mentions in Slack',
    ".replaceAll('<', '&lt;')",
    '',
    TEXTS,
  ],
  [
    `${SRC}/http/post.ts`,
    'messages to private addresses',
    'isPrivateAllowed: allowPrivateAddresses,',
    'isPrivateAllowed: true,',
    CONTRACT,
  ],
  [`${SRC}/http/post.ts`, 'redirects of messages', "redirect: 'manual',", "redirect: 'follow',", CONTRACT],
  [`${SRC}/http/post.ts`, 'how much of an answer is read', 'if (bytes >= bytesMax) break;', '', CONTRACT],
  [
    `${SRC}/attempt.ts`,
    'secrets in the error of a message',
    'return new ChannelError(kind, clean, { retryAfterSeconds, mayHaveArrived });',
    'return error;',
    [unit(`${SRC}/kinds/discord`)],
  ],
  [
    `${SRC}/attempt.ts`,
    'an attempt without an answer may have arrived',
    'did not answer in time. It is tried again.`, {\n      mayHaveArrived: true,',
    'did not answer in time. It is tried again.`, {\n      mayHaveArrived: false,',
    CONTRACT,
  ],
]);
