import type { AgentError } from '../shared/agentError';

const WORDS: Readonly<Record<string, string>> = {
  watch_bot_wall:
    'shows a page against robots instead. Look for the same in a feed, an API or on another site.',
  watch_empty: 'answered without any text. Look for another page.',
  watch_needs_browser:
    'shows its text only where a browser runs its scripts, and there is none here. Look for another page.',
  watch_error_page:
    'shows an error instead of a page. Try it again in a later run, or look for another page.',
  watch_unreadable: 'sent something that cannot be read. Look for another page.',
  watch_unsupported_type: 'sent a file of a kind that cannot be read as text. Look for another page.',
};

const STATUS_WORDS: Readonly<Record<string, string>> = {
  '401': ' It is not open to everyone.',
  '403': ' It is not open to everyone.',
  '404': ' There is no such page.',
  '410': ' There is no such page any more.',
};

/**
 * What a model is told of a page that could not be read. The watcher's own words speak to the person who has
 * set up a watch; those of connections are the same for both.
 */
export function pageFaultText({ code, message }: AgentError, { host }: URL): string {
  const words = WORDS[code];
  if (words !== undefined) return `${host} ${words}`;
  const status = /^watch_http_(\d+)$/.exec(code)?.[1];
  return status === undefined
    ? message
    : `${host} answered with status ${status}.${STATUS_WORDS[status] ?? ''}`;
}
