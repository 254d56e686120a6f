import { needsWords, truncated } from '@everbeat/domain';
import type { ChannelAction, ChannelMessage } from '../../port';
import { escapeHtml } from '../../text/html';
import { isPublicLink } from '../../text/links';
import {
  aboutOf,
  asksMoreThanShown,
  CUT_NOTE,
  labelOf,
  leftText,
  linesOf,
  OPEN_LABEL,
  type Telling,
  titleOf,
} from '../../text/parts';
import { plainOfMarkdown } from '../../text/plain';

/** Telegram takes 4096 characters, counted without tags and with each entity as one. */
const TEXT_CHARS_MAX = 4_096;
const BUTTON_LABEL_CHARS_MAX = 40;
const BUTTONS_IN_ROW = 2;

const REPLY_HINT = 'Reply to this message to answer in your own words.';

/**
 * The fields of `sendMessage` besides the chat. Answers are buttons: that this server hears of, or with links
 * where Telegram takes such addresses; else the links stand in the text.
 */
export function telegramMessage(message: ChannelMessage, telling: Telling = {}) {
  const { takesPresses = false, outcome } = telling;
  const answers = outcome === undefined ? message.actions : [];
  const hint = takesPresses && answers.some(needsWords) ? REPLY_HINT : '';
  const pressed = drawn(message, { answers, takesPresses, notes: [outcome ?? '', hint] });
  if (!takesPresses || answers.length === 0 || !pressed.isPart) return pressed.fields;
  return drawn(message, { answers, takesPresses: false, notes: [CUT_NOTE, hint] }).fields;
}

interface Drawing {
  answers: readonly ChannelAction[];
  takesPresses: boolean;
  /** What stands below the text; the first one before the links. */
  notes: [string, string];
}

/** `isPart`: it asks more than it shows. */
function drawn(message: ChannelMessage, { answers, takesPresses, notes: [before, after] }: Drawing) {
  const presses = takesPresses ? answers.filter((answer) => !needsWords(answer)).map(pressOf) : [];
  const links = [
    ...(takesPresses ? [] : answers.map(({ label, url }) => ({ text: buttonLabel(label), url }))),
    { text: OPEN_LABEL, url: message.url },
  ];
  const canLink = links.every(({ url }) => isPublicLink(url));
  const written = [
    unlinked(before),
    canLink ? '' : links.map(({ text, url }) => `${unlinked(text)}: ${url}`).join('\n'),
    after,
  ];
  const buttons = [...rowsOf(presses), ...(canLink ? rowsOf(links) : [])];
  const { html, isPart } = htmlOf(message, written.filter((part) => part !== '').join('\n\n'));
  const fields = {
    text: html,
    parse_mode: 'HTML',
    link_preview_options: { is_disabled: true },
    // Only what waits for the person rings.
    disable_notification: message.priority === 'info',
    ...(buttons.length > 0 ? { reply_markup: { inline_keyboard: buttons } } : {}),
  };
  return { fields, isPart };
}

interface Button {
  text: string;
  url?: string;
  callback_data?: string;
}

const buttonLabel = (label: string): string => labelOf(label, BUTTON_LABEL_CHARS_MAX);

/** Telegram takes 64 bytes; the token has 43. */
const pressOf = ({ label, token }: ChannelAction): Button => ({
  text: buttonLabel(label),
  callback_data: token,
});

function htmlOf(message: ChannelMessage, written: string): { html: string; isPart: boolean } {
  const title = unlinked(titleOf(message));
  const about = unlinked(aboutOf(message));
  const digest = digestOf(message);
  const others = [title, about, ...digest.map(({ text }) => text), written];
  const room = TEXT_CHARS_MAX - others.reduce((chars, part) => chars + part.length + SPACE_CHARS, 0);
  const whole = unlinked(plainOfMarkdown(message.text));
  const text = truncated(whole, Math.max(0, room));
  const shown = { title: TEXT_CHARS_MAX, text: room, label: BUTTON_LABEL_CHARS_MAX };
  const html = [
    `<b>${escapeHtml(title)}</b>\n${escapeHtml(about)}`,
    escapeHtml(text),
    digest.map(({ html }) => html).join('\n'),
    escapeHtml(written),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
  return { html, isPart: asksMoreThanShown(message, whole, shown) };
}

/** The empty line around a part, and the mark of a line. */
const SPACE_CHARS = 4;

/** The lines of a digest, each a link: as many as leave room for its text. */
function digestOf(message: ChannelMessage): { text: string; html: string }[] {
  const { shown, left } = linesOf(message);
  const lines: { text: string; html: string }[] = [];
  let chars = 0;
  for (const { title, url } of shown) {
    const text = unlinked(title);
    chars += text.length + SPACE_CHARS;
    if (chars > DIGEST_CHARS_MAX) break;
    lines.push({ text, html: `• <a href="${escapeHtml(url)}">${escapeHtml(text)}</a>` });
  }
  const rest = leftText(left + shown.length - lines.length);
  return rest === '' ? lines : [...lines, { text: rest, html: rest }];
}

const DIGEST_CHARS_MAX = 3_000;

/** A name after `@` is a mention in Telegram. With a joiner after the sign it stays text. */
const unlinked = (text: string): string => text.replace(/(?<![\w.])@(?=\w)/g, '@\u2060');

function rowsOf(buttons: readonly Button[]): Button[][] {
  return Array.from({ length: Math.ceil(buttons.length / BUTTONS_IN_ROW) }, (_, row) =>
    buttons.slice(row * BUTTONS_IN_ROW, (row + 1) * BUTTONS_IN_ROW),
  );
}
