import type { CheerioAPI } from 'cheerio';
import type { PageOutline, PageSelection } from '../../../pagePreview';
import { decode } from '../reading/charset';
import { decompress } from '../reading/compression';
import { formatOf } from '../reading/format';
import { parseHtml, parseXml } from '../reading/htmlTree';
import { jsonParts } from '../reading/jsonParts';
import { foldLines } from '../reading/lines';
import {
  type Answer,
  elementsOf,
  notFor,
  PAGE_BYTES_MAX,
  type Part,
  partsOf,
  type Reading,
} from '../reading/readPage';
import { parseSelector, type Selector } from '../reading/selector';
import { branchesOf, pricesAmong } from './branches';
import { partsIn } from './parts';
import { pricesIn } from './prices';
import { seenElements } from './seenElements';
import { Selectors } from './selectors';

export interface OutlinedPage extends Reading {
  outline: PageOutline;
}

const EXCERPT_CHARS_MAX = 1_500;
export const NO_OUTLINE: PageOutline = { parts: [], branches: [], prices: [], selection: null };

/** Finds what may be watched of a page that was read whole. The selector of `part` is tried out. */
export function outlineOf(
  answer: Answer,
  { kind, needsBrowser }: Reading,
  { selector, without }: Part,
): PageOutline {
  const wanted = selector === null ? null : parseSelector(selector);
  const bytes = decompress(answer.bytes, PAGE_BYTES_MAX)?.bytes ?? answer.bytes;
  const format = formatOf(answer.contentType, bytes);
  if (needsBrowser === 'empty' || format === null) return NO_OUTLINE;
  if (format === 'pdf') return { ...NO_OUTLINE, selection: wanted && refused(wanted, 'pdf') };
  const source = decode(bytes, answer.contentType);
  if (kind === 'json' || (kind === 'feed' && format === 'json')) {
    const branches = branchesOf(source);
    const selection = wanted && selectionInJson(source, wanted);
    return { ...NO_OUTLINE, branches, prices: pricesAmong(branches), selection };
  }
  if (format === 'html' || /\bhtml\b/.test(answer.contentType)) return outlineOfHtml(source, wanted, without);
  const isXml = format === 'xml';
  return {
    ...NO_OUTLINE,
    selection: wanted && (isXml ? selectionIn(parseXml(source), wanted, 'xml') : refused(wanted, 'text')),
  };
}

function outlineOfHtml(source: string, wanted: Selector | null, without: readonly string[]): PageOutline {
  const { page } = parseHtml(source);
  for (const text of without) {
    const left = parseSelector(text);
    if (left !== null && left.language !== 'jsonpath') page(elementsOf(page, left)).remove();
  }
  const seen = seenElements(page.root().toArray());
  const selectors = new Selectors(page);
  return {
    parts: partsIn(page, seen, selectors),
    branches: [],
    prices: pricesIn(page, seen, selectors),
    selection: wanted && selectionIn(page, wanted, 'html'),
  };
}

function selectionIn(page: CheerioAPI, wanted: Selector, format: 'html' | 'xml'): PageSelection {
  if (wanted.language === 'jsonpath') return refused(wanted, format);
  return selected(() => {
    const parts = partsOf(page, wanted);
    return { matches: parts.length, text: foldLines(parts.join('\n')) };
  });
}

function selectionInJson(source: string, wanted: Selector): PageSelection {
  if (wanted.language !== 'jsonpath') return refused(wanted, 'json');
  return selected(() => jsonParts(source, wanted.expression));
}

function selected(select: () => { matches: number; text: string }): PageSelection {
  try {
    const { matches, text } = select();
    const problem =
      matches === 0
        ? 'Nothing on the page matches it (0 matches).'
        : text.trim() === ''
          ? `It matches ${matches === 1 ? 'a part' : `${matches} parts`} of the page without any text.`
          : null;
    return { matches, text: text.slice(0, EXCERPT_CHARS_MAX).toWellFormed(), problem };
  } catch {
    return { matches: 0, text: '', problem: 'It cannot be used on this page.' };
  }
}

const refused = (wanted: Selector, format: Parameters<typeof notFor>[1]): PageSelection => ({
  matches: 0,
  text: '',
  problem: notFor(wanted, format).message,
});
