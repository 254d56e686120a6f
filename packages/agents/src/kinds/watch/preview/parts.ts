import type { CheerioAPI } from 'cheerio';
import type { Element } from 'domhandler';
import type { PagePart } from '../../../pagePreview';
import { visibleText } from '../reading/visibleText';
import type { SeenElements } from './seenElements';
import { ancestorsOf, classesOf, type Selectors } from './selectors';
import { isMeaningfulClass, isStableId } from './stableNames';

const PARTS_MAX = 24;
/** Making a selector looks through the page, so only so many parts are tried. */
const TRIED_MAX = 40;
const TEXT_CHARS_MAX = 160;
const NAME_CHARS_MAX = 60;
/** A part that holds nearly all of the page is no part of it. */
const WHOLE = 0.9;
const LIST_COUNT = 4;

/** What the elements are called that make a part by themselves, and how much a person will care for them. */
const TAGS: Readonly<Record<string, { label: string; score: number }>> = {
  main: { label: 'Main content', score: 5 },
  article: { label: 'Article', score: 4 },
  h1: { label: 'Heading', score: 4 },
  table: { label: 'Table', score: 4 },
  ul: { label: 'List', score: 2 },
  ol: { label: 'List', score: 2 },
  dl: { label: 'List', score: 3 },
  section: { label: 'Section', score: 2 },
  h2: { label: 'Heading', score: 1 },
  aside: { label: 'Aside', score: 1 },
  form: { label: 'Form', score: 1 },
  pre: { label: 'Text', score: 2 },
  blockquote: { label: 'Quotation', score: 1 },
  figure: { label: 'Figure', score: 1 },
  time: { label: 'Time', score: 2 },
  header: { label: 'Head of the page', score: -1 },
  nav: { label: 'Navigation', score: -2 },
  footer: { label: 'Foot of the page', score: -2 },
};
const EDGE_TAGS = new Set(['nav', 'footer']);

interface Candidate {
  element: Element;
  at: number;
  chars: number;
  score: number;
}

/** The parts of a page that a person may want to watch, in their order on the page. */
export function partsIn(page: CheerioAPI, seen: SeenElements, selectors: Selectors): PagePart[] {
  const candidates = candidatesIn(seen, selectors);
  const best = candidates.toSorted((a, b) => b.score - a.score || a.at - b.at).slice(0, TRIED_MAX);
  const parts: (PagePart & { at: number })[] = [];
  for (const { element, at } of best) {
    if (parts.length === PARTS_MAX) break;
    const selector = selectors.of(element);
    if (selector === null) continue;
    const text = visibleText([element], TEXT_CHARS_MAX * 2)
      .slice(0, TEXT_CHARS_MAX)
      .toWellFormed();
    parts.push({ selector, label: labelOf(page, element), text, at });
  }
  return parts.sort((a, b) => a.at - b.at).map(({ at: _, ...part }) => part);
}

function candidatesIn({ elements, charsOf }: SeenElements, selectors: Selectors): Candidate[] {
  const total = elements[0] === undefined ? 0 : charsOf(elements[0]);
  const byElement = new Map<Element, Candidate>();
  elements.forEach((element, at) => {
    const chars = charsOf(element);
    const score = scoreOf(element, selectors);
    const isWhole = chars > total * WHOLE && TAGS[element.name] === undefined;
    if (chars < 2 || score === null || isWhole) return;
    const around = wrapperOf(element, chars, byElement);
    if (around !== null && around.score >= score) return;
    if (around !== null) byElement.delete(around.element);
    byElement.set(element, { element, at, chars, score });
  });
  return [...byElement.values()];
}

/** The candidate around it that holds the same text and no more. */
function wrapperOf(element: Element, chars: number, candidates: Map<Element, Candidate>): Candidate | null {
  for (const above of ancestorsOf(element)) {
    const candidate = candidates.get(above);
    if (candidate !== undefined) return candidate.chars === chars ? candidate : null;
  }
  return null;
}

/** Null: nothing says that it is a part of its own. */
function scoreOf(element: Element, selectors: Selectors): number | null {
  const { name, attribs } = element;
  if (name === 'html' || name === 'body') return null;
  const tag = TAGS[name];
  const classes = classesOf(attribs.class).filter(isMeaningfulClass);
  const hasId = isStableId(attribs.id ?? '');
  const hasName = attribs.itemprop !== undefined || attribs['data-testid'] !== undefined;
  if (tag === undefined && !hasId && !hasName && classes.length === 0) return null;
  const isListed =
    !hasId && classes.length > 0 && classes.every((each) => selectors.countOfClass(each) >= LIST_COUNT);
  const isAtEdge = [...ancestorsOf(element)].some((above) => EDGE_TAGS.has(above.name));
  return (
    (tag?.score ?? 0) +
    (hasId ? 2 : 0) +
    (hasName ? 2 : 0) +
    (classes.length > 0 ? 1 : 0) -
    (isListed ? 3 : 0) -
    (isAtEdge ? 4 : 0)
  );
}

function labelOf(page: CheerioAPI, element: Element): string {
  const tag = TAGS[element.name];
  if (/^h\d$/.test(element.name)) return tag?.label ?? 'Heading';
  const inside = page(element).find('caption, h1, h2, h3, h4, legend, summary').first().text();
  const name = oneLine(element.attribs['aria-label'] ?? inside);
  const isName = name !== '' && name.length <= NAME_CHARS_MAX;
  if (!isName) return tag?.label ?? givenName(element) ?? 'Part';
  return `${tag?.label ?? 'Part'} “${name}”`;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().toWellFormed();

/** What the page itself calls it: `old-price` is “Old price”. */
function givenName({ attribs }: Element): string | null {
  const names = [attribs.itemprop, attribs['data-testid'], attribs.id, ...classesOf(attribs.class)];
  const given = names.find((name) => name !== undefined && isMeaningfulClass(name));
  if (given === undefined) return null;
  const words = given
    .replace(/[-_]+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .trim()
    .toLowerCase();
  return words === '' ? null : `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
