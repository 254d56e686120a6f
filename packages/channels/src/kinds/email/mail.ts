import { createHash } from 'node:crypto';
import { truncated } from '@everbeat/domain';
import type { ChannelMessage } from '../../port';
import { escapeHtml, htmlOfMarkdown } from '../../text/html';
import { aboutOf, bodyOf, labelOf, leftText, linesOf, OPEN_LABEL, titleOf } from '../../text/parts';
import { cleanLine } from '../../text/text';

export interface Mail {
  from: string;
  to: string;
  subject: string;
  text: string;
  html: string;
  messageId: string;
  inReplyTo: string;
  references: string;
  headers: Record<string, string>;
}

const SUBJECT_CHARS_MAX = 200;

/**
 * A message as a mail. Its id is made of that of the message, and all mails about one brief answer the same
 * one, so that mail clients show them as one conversation.
 */
export function mailOf(message: ChannelMessage, { to, from }: { to: string; from: string }): Mail {
  const { host } = new URL(message.url);
  const thread = messageId('thread', message.threadKey, host);
  return {
    from,
    to,
    subject: subjectOf(message),
    text: textOf(message),
    html: htmlOf(message),
    messageId: messageId('message', message.id, host),
    inReplyTo: thread,
    references: thread,
    // No answers by machines, such as notes of absence.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  };
}

/** An id of RFC 5322, whatever characters the key has. */
function messageId(what: string, key: string, host: string): string {
  const name = createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `<${what}.${name}@${host.replace(/[^\w.-]/g, '.')}>`;
}

function subjectOf(message: ChannelMessage): string {
  const { task } = message;
  const name = task === null ? '' : `${cleanLine(task.title)}: `;
  const title = titleOf(message);
  return truncated(title.startsWith(name) ? title : name + title, SUBJECT_CHARS_MAX);
}

function textOf(message: ChannelMessage): string {
  const answers = message.actions.map(({ label, url }) => `${labelOf(label)}: ${url}`);
  return [
    titleOf(message),
    aboutOf(message),
    bodyOf(message),
    ['-- ', ...answers, `${OPEN_LABEL}: ${message.url}`].join('\n'),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

const BUTTON =
  'display:inline-block;padding:8px 14px;margin:0 8px 8px 0;border-radius:8px;background:#1f6f54;color:#ffffff;text-decoration:none';

function htmlOf(message: ChannelMessage): string {
  const { shown, left } = linesOf(message);
  const lines = shown.map(({ title, url }) => `<li>${linkHtml(url, title)}</li>`);
  if (left > 0) lines.push(`<li>${leftText(left)}</li>`);
  const buttons = message.actions.map(({ label, url }) => linkHtml(url, labelOf(label), BUTTON));
  const body = [
    `<h1 style="font-size:18px;margin:0">${escapeHtml(titleOf(message))}</h1>`,
    `<p style="color:#666666;margin:4px 0 16px">${escapeHtml(aboutOf(message))}</p>`,
    htmlOfMarkdown(message.text),
    lines.length === 0 ? '' : `<ul>${lines.join('')}</ul>`,
    '<hr style="border:0;border-top:1px solid #dddddd;margin:16px 0">',
    buttons.length === 0 ? '' : `<p>${buttons.join('')}</p>`,
    `<p>${linkHtml(message.url, OPEN_LABEL)}</p>`,
  ].filter((part) => part !== '');
  return `<!doctype html><html><body style="font-family:sans-serif;font-size:15px;line-height:1.5;max-width:640px">\n${body.join('\n')}\n</body></html>`;
}

const linkHtml = (url: string, label: string, style?: string): string =>
  `<a href="${escapeHtml(url)}"${style === undefined ? '' : ` style="${style}"`}>${escapeHtml(label)}</a>`;
