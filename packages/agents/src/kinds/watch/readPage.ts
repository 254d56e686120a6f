import type { CheerioAPI } from 'cheerio';
import { htmlToText } from 'html-to-text';
import { AgentError } from '../../shared/agentError';
import { parseHtml } from './boundedHtml';
import type { DecodedPage } from './charset';

/** Invisible elements, and those that hold nothing of the page's own text. */
const UNSEEN = 'head, title, script, style, noscript, template, svg, iframe, [hidden], [aria-hidden="true"]';
const AROUND = 'nav';
const LINE_CHARS_MAX = 200;

export interface PageText {
  title: string;
  text: string;
}

/**
 * The title and the readable text, in lines short enough that a difference of lines shows what changed.
 * @throws AgentError `watch_selector_missing`, `watch_selector_not_html`, `watch_unreadable`
 */
export function readPage({ format, source }: DecodedPage, selector: string | null): PageText {
  if (format === 'html') return readHtml(source, selector);
  if (selector !== null) {
    throw new AgentError(
      'watch_selector_not_html',
      'A selector works on web pages (HTML) only, which this is not. Remove the selector.',
    );
  }
  return { title: '', text: foldLines(format === 'json' ? prettyJson(source) : source) };
}

function readHtml(source: string, selector: string | null): PageText {
  try {
    const page = parseHtml(source);
    const title = page('title').first().text().replace(/\s+/g, ' ').trim();
    page(UNSEEN).remove();
    return { title, text: foldLines(toText(partOf(page, selector))) };
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

/** Sorts the keys, whose order has no meaning. Invalid JSON is treated as text. */
function prettyJson(source: string): string {
  try {
    return JSON.stringify(JSON.parse(source), sortKeys, 2);
  } catch {
    return source;
  }
}

function sortKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
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
