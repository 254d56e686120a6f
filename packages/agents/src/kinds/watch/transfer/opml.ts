import { generateOpml, type Opml, parseOpml } from 'feedsmith';
import type { DescribedWatch } from './describedWatch';

type Outline = Opml.Outline<unknown>;

/** How deep folders of subscriptions are looked into. */
const DEPTH_MAX = 20;

/**
 * The subscriptions of a feed reader. An outline without a feed is watched as a page if it names one; folders
 * are gone through.
 * @throws whatever the library throws at what is no OPML
 */
export function readOpml(text: string): DescribedWatch[] {
  return watchesIn(parseOpml(text).body?.outlines ?? [], 0);
}

const watchesIn = (outlines: readonly Outline[], depth: number): DescribedWatch[] =>
  depth > DEPTH_MAX
    ? []
    : outlines.flatMap((outline) => [
        ...watchOf(outline, depth),
        ...watchesIn(outline.outlines ?? [], depth + 1),
      ]);

function watchOf({ xmlUrl, htmlUrl, url, title, text }: Outline, depth: number): DescribedWatch[] {
  const address = xmlUrl ?? htmlUrl ?? url;
  if (address === undefined) return [];
  const leftOut = depth === 0 ? [] : ['The folder: Everbeat has none.'];
  return [{ name: title ?? text, url: address, settings: {}, leftOut }];
}

/** The format asks for at least one outline. */
export const writeOpml = (feeds: readonly { name: string; url: string }[]): string =>
  generateOpml({
    head: { title: 'Feeds watched by Everbeat' },
    body: {
      outlines:
        feeds.length === 0
          ? [{ text: 'No feed is watched' }]
          : feeds.map(({ name, url }) => ({ text: name, title: name, type: 'rss', xmlUrl: url })),
    },
  });
