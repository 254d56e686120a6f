import { createHash } from 'node:crypto';
import { load } from 'cheerio';
import { parseFeed } from 'feedsmith';
import type { Change } from './lines';

/** One item of a feed. */
export interface FeedItem {
  /** What makes it the same item in a later look. */
  id: string;
  title: string;
  link: string | null;
}

export interface Feed {
  title: string;
  items: FeedItem[];
}

/** How many ids are remembered: feeds have some dozens of items, archives some thousands. */
const SEEN_MAX = 5_000;
const ID_CHARS = 16;

/** Reads RSS, Atom, RDF and JSON Feed. Null for anything else. */
export function readFeed(source: string): Feed | null {
  try {
    const { format, feed } = parseFeed(source);
    switch (format) {
      case 'rss':
        return feedOf(feed.title, feed.items, (item) => [
          item.guid?.value,
          plain(item.title) ?? plain(item.description),
          item.link ?? (item.guid?.isPermaLink === false ? undefined : item.guid?.value),
        ]);
      case 'atom':
        return feedOf(feed.title?.value, feed.entries, (entry) => [
          entry.id,
          plain(entry.title?.value) ?? plain(entry.summary?.value),
          entry.links?.find(({ rel = 'alternate' }) => rel === 'alternate')?.href,
        ]);
      case 'rdf':
        return feedOf(feed.title, feed.items, (item) => [item.rdf?.about, plain(item.title), item.link]);
      case 'json':
        return feedOf(feed.title, feed.items, (item) => [
          item.id,
          item.title ?? plain(item.content_text) ?? plain(item.content_html),
          item.url,
        ]);
    }
  } catch {
    return null;
  }
}

type Read = [id: string | undefined, title: string | undefined, link: string | undefined];

function feedOf<Item>(
  title: string | undefined,
  items: readonly Item[] = [],
  read: (item: Item) => Read,
): Feed {
  const seen = new Set<string>();
  const found = items.map((item): FeedItem => {
    const [ownId, itemTitle, link] = read(item);
    const shown = itemTitle ?? link ?? 'Without a title';
    // Some feeds give all their items one id.
    const own = withoutTracking(ownId ?? link ?? shown);
    const id = hashOf(seen.has(own) ? `${own} ${link ?? ''} ${shown}` : own);
    seen.add(own);
    return { id, title: shown, link: link ?? null };
  });
  return { title: plain(title) ?? '', items: found };
}

/** What an address has besides the item that it leads to: how it is reached, and from where a reader came. */
const withoutTracking = (id: string): string => {
  const text = id.trim();
  if (!/^https?:\/\//i.test(text)) return text;
  const [, path = '', query = '', fragment = ''] = /^https?:\/\/([^?#]*)\??([^#]*)(.*)$/is.exec(text) ?? [];
  const kept = query
    .split('&')
    .filter((part) => part !== '' && !/^(?:utm_\w+|fbclid|gclid|mc_[ce]id)=/i.test(part));
  return `${path}?${kept.join('&')}${fragment}`;
};

const hashOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, ID_CHARS);

/** The text of what may be HTML, on one line. */
function plain(html: string | undefined): string | undefined {
  if (html === undefined) return undefined;
  const text = /[<&]/.test(html) ? load(html).text() : html;
  return text.replace(/\s+/g, ' ').trim() || undefined;
}

/** The items that were never seen before, newest first as in the feed. */
export const newItems = ({ items }: Feed, seen: readonly string[]): Change[] => {
  const known = new Set(seen);
  return items
    .filter(({ id }) => !known.has(id))
    .map(({ title, link }) => ({ before: null, after: title, ...(link === null ? {} : { link }) }));
};

/** The ids to remember: an item that has left the feed and comes back is no news. */
export const seenWith = ({ items }: Feed, seen: readonly string[]): string[] =>
  [...new Set([...items.map(({ id }) => id), ...seen])].slice(0, SEEN_MAX);

/** The items as the text of the page. */
export const feedText = ({ items }: Feed): string => items.map(({ title }) => title).join('\n');
