import { type Check, database, unit } from '../mutant';
import { boundaries } from './boundaryMutants';

const SRC = 'packages/channels/src';
const TEXTS: Check[] = [unit(`${SRC}/text`)];
const SIGNATURES: Check[] = [unit(`${SRC}/kinds/slack/receive.test.ts`)];
const CHATS: Check[] = [database('tests/deliveries/telegram.db.test.ts')];
const REPORTS: Check[] = [database('tests/deliveries/telegramReports.db.test.ts')];
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
  [
    'packages/domain/src/markdownLimits.ts',
    'the depth of Markdown that is read',
    'if (TOO_DEEP.test(text) || TOO_FAR_RIGHT.test(text) || ',
    'if (',
    [unit('packages/domain/src/markdownLimits.test.ts')],
  ],
  [
    'src/components/ui/markdownText.tsx',
    'the pages read no Markdown that is made to be slow',
    'if (isTooMarked(text)) return',
    'if (text === `${text}.`) return',
    [unit('src/components/ui/markdownText.test.tsx')],
  ],
  [`${SRC}/text/html.ts`, 'text in the HTML of a mail', ".replaceAll('<', '&lt;')", '', TEXTS],
  [
    'src/server/services/channels/ChannelService.ts',
    'another server is not sent the stored secrets of a channel',
    'addressField: addressFieldOf(kind),',
    'addressField: null,',
    [database('tests/deliveries/deliveries.db.test.ts')],
  ],
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
  [
    `${SRC}/text/parts.ts`,
    'nobody agrees by a button to what was cut before',
    'message.isCut === true ||',
    '',
    [unit(`${SRC}/kinds/slack`)],
  ],
  [
    `${SRC}/text/parts.ts`,
    'nobody agrees by a button to what a message does not show',
    'written.length > room.text ||',
    '',
    [unit(`${SRC}/kinds/telegram`)],
  ],
  [
    `${SRC}/kinds/slack/receive.ts`,
    'presses in Slack are signed',
    'return isSameSecret(signature, `v0=${expected}`);',
    'return signature.length === expected.length + 3;',
    SIGNATURES,
  ],
  [
    `${SRC}/kinds/slack/receive.ts`,
    'an old request of Slack is not taken again',
    'if (age > AGE_SECONDS_MAX) return false;',
    '',
    SIGNATURES,
  ],
  [
    'src/server/services/answers/AnswerLinkService.ts',
    'a button answers from its own channel alone',
    'if (channelId === null || !channelIds.includes(channelId)) return null;',
    '',
    CHATS,
  ],
  [
    'src/server/services/receiving/ChatAnswers.ts',
    'only the chat of a channel counts',
    'place.channels.filter(({ chatId }) => isChat(update.chat, chatId))',
    'place.channels',
    CHATS,
  ],
  [
    'src/server/services/receiving/ChatAnswers.ts',
    'words that come twice are one comment',
    'commentId(botKey, update)',
    'crypto.randomUUID()',
    CHATS,
  ],
  [
    'src/server/services/receiving/BotPolls.ts',
    'an update is handled once',
    'updates.filter(({ updateId }) => !handled.includes(updateId))',
    '[...updates]',
    CHATS,
  ],
  [
    'src/server/services/receiving/BotWebhooks.ts',
    'what Telegram reports carries the secret of its bot',
    'if (reported === null || !isSameSecret(hashSecret(secret), reported.secretHash)) return null;',
    'if (reported === null) return null;',
    REPORTS,
  ],
  [
    'src/server/http/telegram.ts',
    'a report is read once its secret is checked',
    "app.post('/:bot', knowsSecret, limit, async",
    "app.post('/:bot', limit, knowsSecret, async",
    REPORTS,
  ],
  [
    'src/server/services/receiving/BotWebhooks.ts',
    'a report that comes again changes nothing',
    'if (update === null || handled.includes(update.updateId)) return;',
    'if (update === null) return;',
    REPORTS,
  ],
  [
    'packages/database/src/receiving/botWebhooks.ts',
    'a report is recorded once',
    'where key = $1 and $2::int <> all(handled_updates)',
    'where key = $1 and $2::int is not null',
    REPORTS,
  ],
  [
    'src/server/services/receiving/webhookDecision.ts',
    'what another program has reported to itself is left alone',
    "if (isSomewhere && !isOurs) return 'foreign';",
    '',
    [unit('src/server/services/receiving')],
  ],
  [
    'packages/database/src/receiving/polledBots.ts',
    'one process asks for a bot',
    'where p.owner = excluded.owner or p.leased_until <= $3::timestamptz',
    'where true or p.leased_until <= $3::timestamptz',
    [database('packages/database/src/receiving')],
  ],
  [
    'packages/database/src/deliveries/openMessages.ts',
    'an older message that stays open does not hide the edit of another one',
    'order by b.resolved_at desc, d.id limit 1',
    'order by d.sent_at limit 1',
    [database('tests/queue/presses')],
  ],
]);
