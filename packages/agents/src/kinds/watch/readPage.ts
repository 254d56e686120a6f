import type { CheerioAPI } from 'cheerio';
import { htmlToText } from 'html-to-text';
import { AgentError } from '../../shared/agentError';
import { parseHtml } from './boundedHtml';
import type { DecodedPage } from './charset';
import type { Content } from './compare/compare';
import { feedText, readFeed } from './compare/feed';
import { canonicalJson } from './compare/jsonTree';

/** Invisible elements, and those that hold nothing of the page's own text. */
const UNSEEN = 'head, title, script, style, noscript, template, svg, iframe, [hidden], [aria-hidden="true"]';
const AROUND = 'nav';
const LINE_CHARS_MAX = 200;

export interface PageText extends Content {
  title: string;
}

/** Which part of a page is read. */
export interface Part {
  selector: string | null;
  /** Selectors of what is left out. */
  without: readonly string[];
}

/**
 * The title and the readable text, in lines short enough that a difference of lines shows what changed.
 * @throws AgentError `watch_selector_missing`, `watch_selector_not_html`, `watch_unreadable`
 */
export function readPage({ format, source }: DecodedPage, part: Part): PageText {
  if (format === 'html') return readHtml(source, part);
  const feed = readFeed(source);
  if (feed !== null) return { kind: 'feed', title: feed.title, text: feedText(feed), feed };
  if (part.selector !== null) {
    throw new AgentError(
      'watch_selector_not_html',
      'A selector works on web pages (HTML) only, which this is not. Remove the selector.',
    );
  }
  const json = format === 'json' ? canonicalJson(source) : null;
  if (json !== null) return { kind: 'json', title: '', text: json, feed: null };
  return { kind: 'text', title: '', text: foldLines(source), feed: null };
}

function readHtml(source: string, { selector, without }: Part): PageText {
  try {
    const page = parseHtml(source);
    const title = page('title').first().text().replace(/\s+/g, ' ').trim();
    page([UNSEEN, ...without].join(', ')).remove();
    return { kind: 'text', title, text: foldLines(toText(partOf(page, selector))), feed: null };
  } catch (error) {
    if (error instanceof AgentError) throw error;
    throw new AgentError('watch_unreadable', 'The page cannot be parsed. Watch another page.');
  }
}

function partOf(page: CheerioAPI, selector: string | null): string {
  if (selector === null) {
    page(AROUND).remove();
    return page.html();
  }
  const parts = page(selector).toArray();
  if (parts.length === 0) {
    throw new AgentError(
      'watch_selector_missing',
      `Nothing on the page matches the selector "${selector}". The page may have changed, or needs a browser to render it; choose another selector.`,
    );
  }
  return parts.map((part) => `<div>${page.html(part)}</div>`).join('\n');
}

function toText(html: string): string {
  return htmlToText(html, {
    wordwrap: false,
    limits: { maxInputLength: html.length },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      { selector: 'td', format: 'inlineSurround', options: { suffix: ' | ' } },
      { selector: 'th', format: 'inlineSurround', options: { suffix: ' | ' } },
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6'].map((heading) => ({
        selector: heading,
        options: { uppercase: false },
      })),
    ],
  });
}

/**
 * Puts each sentence of a long paragraph on its own line, and wraps what is still long, so that a new word
 * changes few lines.
 */
function foldLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .flatMap((line) => (line.length <= LINE_CHARS_MAX ? line : line.split(/(?<=[.!?。])\s+/).flatMap(wrap)))
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function wrap(line: string): string[] {
  const lines: string[] = [];
  let start = 0;
  while (line.length - start > LINE_CHARS_MAX) {
    const space = line.lastIndexOf(' ', start + LINE_CHARS_MAX);
    const end = space > start ? space + 1 : start + LINE_CHARS_MAX;
    lines.push(line.slice(start, end));
    start = end;
  }
  return [...lines, line.slice(start)];
}
