import { truncated } from '@everbeat/domain';
import type { ChannelMessage } from '../../port';
import { isPublicLink } from '../../text/links';
import { aboutOf, bodyOf, labelOf, OPEN_LABEL, titleOf } from '../../text/parts';

/** Discord's limits, in characters. All texts of an embed together may have 6000. */
const TITLE_CHARS_MAX = 256;
const DESCRIPTION_CHARS_MAX = 4_000;
const FOOTER_CHARS_MAX = 300;
const BUTTON_LABEL_CHARS_MAX = 80;
const BUTTON_URL_CHARS_MAX = 512;
const BUTTONS_MAX = 5;

const COLORS: Readonly<Record<ChannelMessage['kind'], number>> = {
  'needs-me': 0xb45309,
  unanswered: 0xb45309,
  change: 0x1f6f54,
  'good-to-know': 0x64748b,
  failed: 0xb91c1c,
  recovered: 0x15803d,
  digest: 0x64748b,
};

/** The body for a webhook: one embed, and buttons with links where Discord takes such addresses. */
export function discordMessage(message: ChannelMessage) {
  const links = [
    ...message.actions.map(({ label, url }) => ({ label: labelOf(label, BUTTON_LABEL_CHARS_MAX), url })),
    { label: OPEN_LABEL, url: message.url },
  ];
  const canButton = links.every(({ url }) => isPublicLink(url) && url.length <= BUTTON_URL_CHARS_MAX);
  const written = canButton
    ? ''
    : `\n\n${links.map(({ label, url }) => `${escapeDiscord(label)}: <${url}>`).join('\n')}`;
  return {
    // Whatever the texts say, nobody is called.
    allowed_mentions: { parse: [] },
    embeds: [
      {
        title: truncated(escapeDiscord(titleOf(message)), TITLE_CHARS_MAX),
        description: cutEscaped(bodyOf(message), DESCRIPTION_CHARS_MAX - written.length) + written,
        color: COLORS[message.kind],
        footer: { text: truncated(aboutOf(message), FOOTER_CHARS_MAX) },
      },
    ],
    ...(canButton ? { components: buttonRows(links) } : {}),
  };
}

const BUTTON_ROWS_MAX = 5;

function buttonRows(links: readonly { label: string; url: string }[]) {
  const buttons = links.map(({ label, url }) => ({ type: 2, style: 5, label, url }));
  const rows = Array.from({ length: Math.ceil(buttons.length / BUTTONS_MAX) }, (_, row) =>
    buttons.slice(row * BUTTONS_MAX, (row + 1) * BUTTONS_MAX),
  );
  return rows.slice(0, BUTTON_ROWS_MAX).map((components) => ({ type: 1, components }));
}

/** An address as it stands in a text, without characters that mean something in Discord's Markdown. */
const ADDRESS = /https?:\/\/[\w.~:/?#@!$&+,;=%-]+/g;

/**
 * Untrusted text for Discord's Markdown: nothing in it is a mark, a mention or a link with another text than
 * its address. Addresses stay as they are, or they would lead elsewhere.
 */
export function escapeDiscord(text: string): string {
  let escaped = '';
  let end = 0;
  for (const { 0: address, index } of text.matchAll(ADDRESS)) {
    escaped += escapeMarks(text.slice(end, index)) + address;
    end = index + address.length;
  }
  return escaped + escapeMarks(text.slice(end));
}

const escapeMarks = (text: string): string => text.replace(/[\\`*_~|<>[\]()#@]/g, '\\$&');

/** Cut before it is escaped, so that no escape is cut in two. */
function cutEscaped(text: string, charsMax: number): string {
  let chars = charsMax;
  let escaped = escapeDiscord(truncated(text, chars));
  while (escaped.length > charsMax) {
    chars -= Math.max(1, Math.ceil((escaped.length - charsMax) / 2));
    escaped = escapeDiscord(truncated(text, chars));
  }
  return escaped;
}
