import type { BriefPriority } from '@everbeat/domain';
import type { ChannelMessage } from '../../port';
import { aboutOf, bodyOf, labelOf, OPEN_LABEL, titleOf } from '../../text/parts';
import { cutBytes } from '../../text/text';

/** A longer message becomes a file that is attached. */
const MESSAGE_BYTES_MAX = 4_000;
const TITLE_BYTES_MAX = 250;
/** The apps show no more. */
const ACTIONS_MAX = 3;

const PRIORITIES: Readonly<Record<BriefPriority, number>> = { urgent: 4, normal: 3, info: 2 };

/** The server and the topic of an address such as `https://ntfy.sh/my-topic`. Null: it names no topic. */
export function topicOf(address: string): { server: string; topic: string } | null {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const [, before = '', topic = ''] = /^(.*\/)([-_A-Za-z0-9]{1,64})\/?$/.exec(url.pathname) ?? [];
  return topic === '' ? null : { server: `${url.origin}${before}`, topic };
}

/** The fields of a message besides the topic. */
export function ntfyMessage(message: ChannelMessage) {
  const view = (label: string, url: string) => ({ action: 'view', label, url, clear: true });
  // The message itself opens the brief, so a button for that is the first to be left out.
  const actions = message.actions.map(({ label, url }) => view(labelOf(label), url));
  if (actions.length === 0) actions.push(view(OPEN_LABEL, message.url));
  const body = bodyOf(message);
  return {
    title: cutBytes(titleOf(message), TITLE_BYTES_MAX),
    message: cutBytes([aboutOf(message), body].filter((part) => part !== '').join('\n\n'), MESSAGE_BYTES_MAX),
    priority: PRIORITIES[message.priority],
    click: message.url,
    actions: actions.slice(0, ACTIONS_MAX),
  };
}
