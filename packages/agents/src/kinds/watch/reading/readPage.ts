import type { CheerioAPI } from 'cheerio';
import { type AnyNode, type Element, isTag } from 'domhandler';
import { AgentError } from '../../../shared/agentError';
import type { Content } from '../compare/compare';
import { feedText, readFeed } from '../compare/feed';
import { canonicalJson } from '../compare/jsonTree';
import { type BrowserNeed, browserNeed } from './browserNeed';
import { decode } from './charset';
import { decompress, isStillPacked } from './compression';
import { type Format, formatOf, mediaTypeOf } from './format';
import { parseHtml, parseXml } from './htmlTree';
import { jsonParts } from './jsonParts';
import { foldLines } from './lines';
import { pdfText } from './pdfText';
import { parseSelector, type Selector, selectorProblem } from './selector';
import { visibleText } from './visibleText';
import { xmlLines } from './xmlLines';
import { xpathParts } from './xpathParts';

/** What a server answered, before it is looked at. */
export interface Answer {
  bytes: Uint8Array;
  /** Whether the answer goes on after these bytes. */
  isCut: boolean;
  contentType: string;
  /** In what it was packed, if that was said. */
  contentEncoding?: string;
  /** Shown in errors. */
  host: string;
}

/** Which part of a page is read. */
export interface Part {
  selector: string | null;
  /** Selectors of what is left out. */
  without: readonly string[];
}

/** What was read, in lines short enough that a difference of lines shows what changed. */
export interface Reading extends Content {
  /** Empty where the page has none. */
  title: string;
  /** Whether only the beginning of a very long page was read. */
  isCut: boolean;
  /** What scripts, which were not run, would show. */
  needsBrowser: BrowserNeed;
}

export const PAGE_BYTES_MAX = 8_000_000;
/** Only a crafted page gives more text than this. */
const TEXT_CHARS_MAX = 4_000_000;

/**
 * The title and the readable text of an answer, or of a part of it.
 * @throws AgentError `watch_unsupported_type`, `agent_misconfigured`, `watch_selector_missing`,
 * `watch_selector_not_html`, `watch_unreadable`
 */
export async function readPage(answer: Answer, { selector, without }: Part): Promise<Reading> {
  try {
    const unpacked = decompress(answer.bytes, PAGE_BYTES_MAX);
    if (unpacked === null) throw unreadable('The answer is packed (gzip or zstd), and damaged.');
    if (unpacked.bytes === answer.bytes && isStillPacked(answer))
      throw unreadable(
        `The answer is packed in a way that cannot be undone here (${answer.contentEncoding}).`,
      );
    const page = { ...answer, bytes: unpacked.bytes, isCut: answer.isCut || unpacked.isCut };
    const wanted = {
      selector: selector === null ? null : selectorOf(selector),
      without: without.map(selectorOf).filter((left) => left.language !== 'jsonpath'),
    };
    const { text, ...reading } = await readFormat(page, wanted);
    const bounded = text.slice(0, TEXT_CHARS_MAX).toWellFormed();
    return { ...reading, text: reading.kind === 'text' ? foldLines(bounded) : bounded };
  } catch (error) {
    throw error instanceof AgentError ? error : unreadable('The page cannot be parsed.');
  }
}

type TreeSelector = Exclude<Selector, { language: 'jsonpath' }>;
interface Wanted {
  selector: Selector | null;
  without: TreeSelector[];
}

const NOTHING = { kind: 'text', title: '', feed: null, needsBrowser: 'none' } as const;

function readFormat(page: Answer, wanted: Wanted): Reading | Promise<Reading> {
  const format = formatOf(page.contentType, page.bytes);
  if (format === null) throw notText(page);
  if (format === 'pdf') return readPdf(page, wanted);
  const source = decode(page.bytes, page.contentType);
  if (format !== 'json') return readSource(format, source, page, wanted);
  return (
    readJson(source, page, wanted) ??
    readSource(/html/.test(mediaTypeOf(page.contentType)) ? 'html' : 'text', source, page, wanted)
  );
}

function readSource(
  format: Exclude<Format, 'pdf' | 'json'>,
  source: string,
  { isCut }: Answer,
  wanted: Wanted,
): Reading {
  if (format === 'html') return readHtml(source, isCut, wanted);
  const { selector } = wanted;
  if (selector === null) {
    const feed = format === 'xml' ? readFeed(source) : null;
    if (feed === null) {
      const roots = format === 'xml' ? parseXml(source).root().contents().toArray() : [];
      return { ...NOTHING, text: format === 'xml' ? xmlLines(roots, TEXT_CHARS_MAX) : source, isCut };
    }
    return { ...NOTHING, kind: 'feed', title: feed.title, text: feedText(feed), feed, isCut };
  }
  if (format === 'text' || selector.language === 'jsonpath') throw notFor(selector, format);
  const parts = partsOf(parseXml(source), selector);
  if (parts.length === 0) throw nothingFits(selector.expression);
  return { ...NOTHING, text: parts.join('\n'), isCut };
}

function readHtml(source: string, isLong: boolean, { selector, without }: Wanted): Reading {
  const { page, isCut } = parseHtml(source);
  const title = page('head > title').first().text().replace(/\s+/g, ' ').trim();
  const reading = { ...NOTHING, title, isCut: isLong || isCut };
  for (const part of without) page(elementsOf(page, part)).remove();
  if (selector === null) {
    const text = visibleText(page.root().toArray(), TEXT_CHARS_MAX);
    return { ...reading, text, needsBrowser: browserNeed(page, text) };
  }
  if (selector.language === 'jsonpath') throw notFor(selector, 'html');
  const parts = partsOf(page, selector);
  if (parts.length > 0) return { ...reading, text: parts.join('\n') };
  // Whoever chose the part saw it in a browser, whose scripts may have brought it.
  if (page('script').length === 0) throw nothingFits(selector.expression);
  const need = browserNeed(page, visibleText(page.root().toArray(), TEXT_CHARS_MAX));
  return { ...reading, text: '', needsBrowser: need === 'none' ? 'part' : need };
}

/** The texts of what a selector finds. */
export function partsOf(page: CheerioAPI, selector: TreeSelector): string[] {
  return selector.language === 'xpath'
    ? byXPath(page, selector).map((part) => (typeof part === 'string' ? part : textOfPart(part)))
    : byCss(page, selector);
}

function byXPath(page: CheerioAPI, { expression }: TreeSelector): (Element | string)[] {
  const [root] = page.root().toArray();
  return root === undefined ? [] : xpathParts(root, expression);
}

function byCss(page: CheerioAPI, { expression, attribute }: Selector & { language: 'css' }): string[] {
  const parts = page(expression).toArray().filter(isTag);
  if (attribute !== null) {
    return parts.map((part) => page(part).attr(attribute)).filter((value) => value !== undefined);
  }
  return outermost(parts).map(textOfPart);
}

export const elementsOf = (page: CheerioAPI, selector: TreeSelector): Element[] =>
  selector.language === 'xpath'
    ? byXPath(page, selector).filter((part) => typeof part !== 'string')
    : page(selector.expression).toArray().filter(isTag);

/** The text of an element within another that was selected too is not read twice. */
function outermost(parts: readonly Element[]): Element[] {
  const selected = new Set<AnyNode>(parts);
  const isInside = (part: AnyNode): boolean => {
    for (let above = part.parent; above !== null; above = above.parent) if (selected.has(above)) return true;
    return false;
  };
  return parts.filter((part) => !isInside(part));
}

/** Elements that show no text of their own, and the attribute that stands for it. */
const TEXT_ATTRIBUTE: Readonly<Record<string, string>> = {
  meta: 'content',
  input: 'value',
  img: 'alt',
  data: 'value',
  link: 'href',
};

function textOfPart(part: Element): string {
  if (part.name === 'script') {
    const source = part.children.map((child) => ('data' in child ? child.data : '')).join('');
    return canonicalJson(source) ?? source;
  }
  const text = visibleText([part], TEXT_CHARS_MAX);
  return text === '' ? (part.attribs[TEXT_ATTRIBUTE[part.name] ?? ''] ?? '') : text;
}

/** What some put before JSON so that no script of another site can read it. */
const GUARD = /^\s*(?:\)\]\}',?|while ?\(1\);|for ?\(;;\);|throw 1;)\s*/;

/** Null for what only looked like JSON. */
function readJson(guarded: string, { isCut }: Answer, { selector }: Wanted): Reading | null {
  const source = guarded.replace(GUARD, '');
  const json = canonicalJson(source);
  if (json === null) return null;
  if (selector === null) {
    const feed = readFeed(source);
    if (feed !== null)
      return { ...NOTHING, kind: 'feed', title: feed.title, text: feedText(feed), feed, isCut };
    return { ...NOTHING, kind: 'json', text: json, isCut };
  }
  if (selector.language !== 'jsonpath') throw notFor(selector, 'json');
  const { text } = jsonParts(source, selector.expression);
  if (text === '') throw nothingFits(selector.expression);
  return { ...NOTHING, kind: 'json', text, isCut };
}

async function readPdf({ bytes, isCut }: Answer, { selector }: Wanted): Promise<Reading> {
  if (selector !== null) throw notFor(selector, 'pdf');
  try {
    const pdf = await pdfText(bytes);
    return { ...NOTHING, ...pdf, isCut: isCut || pdf.isCut };
  } catch {
    throw unreadable('The PDF cannot be opened: it is damaged, or protected by a password.');
  }
}

function selectorOf(text: string): Selector {
  const selector = parseSelector(text);
  if (selector === null) {
    throw new AgentError('agent_misconfigured', `"${text}" ${selectorProblem(text) ?? 'is no selector'}.`);
  }
  return selector;
}

export const nothingFits = (selector: string): AgentError =>
  new AgentError(
    'watch_selector_missing',
    `Nothing on the page matches the selector "${selector}". The page may have changed, or needs a browser to render it; choose another selector.`,
  );

const FORMAT_NAMES: Readonly<Record<Format, string>> = {
  html: 'a web page',
  xml: 'XML',
  json: 'JSON',
  text: 'text',
  pdf: 'a PDF',
};

export function notFor({ language }: Selector, format: Format): AgentError {
  const remedy =
    format === 'json'
      ? 'Use a JSONPath, such as "$.items[0].price", or remove the selector.'
      : language === 'jsonpath' && (format === 'html' || format === 'xml')
        ? 'Use a CSS selector or an XPath.'
        : 'Remove the selector.';
  return new AgentError(
    'watch_selector_not_html',
    `What the server sent is ${FORMAT_NAMES[format]}, in which this selector finds nothing. ${remedy}`,
  );
}

function notText({ contentType, host }: Answer): AgentError {
  const mediaType = mediaTypeOf(contentType);
  const named = /^[\w.+/-]+$/.test(mediaType) ? mediaType : 'something';
  return new AgentError(
    'watch_unsupported_type',
    `${host} answered with ${named} that is not text. Watch a web page, a feed, JSON, a PDF or a text file.`,
  );
}

const unreadable = (what: string): AgentError =>
  new AgentError('watch_unreadable', `${what} Watch another page.`);
