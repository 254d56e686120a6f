import type { CheerioAPI } from 'cheerio';
import { type AnyNode, type Element, isTag } from 'domhandler';
import { isMeaningfulClass, isStableId, isUsableName } from './stableNames';

/** Attributes that say what an element is, whatever it looks like. */
const NAMING_ATTRIBUTES = ['data-testid', 'data-test', 'data-test-id', 'data-qa', 'data-cy', 'itemprop'];
/** Elements of which a page often has one. */
const SINGLE_TAGS = new Set('main,article,h1,table,form,address,dl,aside,footer,header,nav'.split(','));
const HEADING = /^h[1-6]$/;
const HEADING_CHARS_MAX = 60;
const VALUE_CHARS_MAX = 60;
/** How many of the parts around an element are tried as its anchor. */
const ANCHORS_MAX = 3;
const SELECTOR_CHARS_MAX = 300;

/** So many elements are kept for each name. Where more have it, it is not known which they are. */
const LISTED_MAX = 8;
/** In a part of at most so many elements, names are counted by looking through it. */
const SMALL_PART = 300;

/**
 * Makes short CSS selectors that name one element of a page, and will name it tomorrow: by ids, names and
 * classes that people chose, by the heading above it, or by its place in a part that has such a name.
 */
export class Selectors {
  /** The elements that each simple selector finds, the first of them. */
  private readonly found = new Map<string, { count: number; first: Element[] }>();

  constructor(private readonly page: CheerioAPI) {
    for (const element of page('*').toArray()) {
      if (!isTag(element)) continue;
      const names = new Set([...stableNames(element), ...weakNames(element), element.name]);
      for (const name of names) this.list(name, element);
    }
  }

  /** Null: none that is short enough names this element alone. */
  of(element: Element): string | null {
    const selector =
      this.nameOf(element, stableNames) ??
      this.withinNamed(element) ??
      this.byHeading(element) ??
      this.nameOf(element, weakNames) ??
      this.byPlace(element);
    return selector.length <= SELECTOR_CHARS_MAX ? selector : null;
  }

  /** How many elements have this class. */
  countOfClass(name: string): number {
    return this.found.get(`.${name}`)?.count ?? 0;
  }

  private list(name: string, element: Element): void {
    const known = this.found.get(name);
    if (known === undefined) this.found.set(name, { count: 1, first: [element] });
    else {
      known.count += 1;
      if (known.first.length < LISTED_MAX) known.first.push(element);
    }
  }

  private nameOf(element: Element, names: (element: Element) => string[]): string | null {
    return names(element).find((name) => this.found.get(name)?.count === 1) ?? null;
  }

  /** `#offer .amount`: the nearest parts around it that have a name of their own. */
  private withinNamed(element: Element): string | null {
    for (const anchor of this.anchorsOf(element)) {
      const name = [...stableNames(element), element.name].find((each) =>
        this.isOnlyWithin(anchor.element, each),
      );
      if (name !== undefined) return `${anchor.name} ${name}`;
    }
    return null;
  }

  private isOnlyWithin(part: Element, name: string): boolean {
    const { count = 0, first = [] } = this.found.get(name) ?? {};
    if (count <= LISTED_MAX) return first.filter((element) => isWithin(element, part)).length === 1;
    return isSmall(part) && this.page(part).find(name).length === 1;
  }

  private anchorsOf(element: Element): { element: Element; name: string }[] {
    const anchors: { element: Element; name: string }[] = [];
    for (const above of ancestorsOf(element)) {
      const name = this.nameOf(above, stableNames);
      if (name !== null) anchors.push({ element: above, name });
      if (anchors.length === ANCHORS_MAX) break;
    }
    return anchors;
  }

  /** What follows a heading, or is the part that it begins. */
  private byHeading(element: Element): string | null {
    const before = previousElement(element);
    const first = element.children.find(isTag);
    const candidates = [
      ...(before === null
        ? []
        : headingSelector(this.page, before, (heading) => `${heading} + ${element.name}`)),
      ...(first === undefined
        ? []
        : headingSelector(this.page, first, (heading) => `${element.name}:has(> ${heading})`)),
    ];
    return candidates.find((selector) => this.isOnly(selector, element)) ?? null;
  }

  /** The way from the nearest part with a name, or from the body. */
  private byPlace(element: Element): string {
    const steps: string[] = [];
    for (let part = element; ; ) {
      steps.unshift(stepTo(part));
      const { parent } = part;
      if (parent === null || !isTag(parent)) break;
      const name =
        parent.name === 'body'
          ? 'body'
          : (this.nameOf(parent, stableNames) ?? this.nameOf(parent, weakNames));
      if (name !== null) {
        steps.unshift(name);
        break;
      }
      part = parent;
    }
    return steps.join(' > ');
  }

  private isOnly(selector: string, element: Element): boolean {
    const found = this.page(selector);
    return found.length === 1 && found[0] === element;
  }
}

/** Simple selectors that will fit the element tomorrow, the best first. */
function stableNames({ name, attribs }: Element): string[] {
  const { id = '' } = attribs;
  const classes = classesOf(attribs.class).filter(isMeaningfulClass);
  return [
    ...(isStableId(id) ? [`#${id}`] : []),
    ...NAMING_ATTRIBUTES.flatMap((attribute) => {
      const value = attribs[attribute];
      return value === undefined ||
        value === '' ||
        value.length > VALUE_CHARS_MAX ||
        /\d{3}|["\\\n]/.test(value)
        ? []
        : [`[${attribute}="${value}"]`];
    }),
    ...classes.map((each) => `.${each}`),
    ...classes.map((each) => `${name}.${each}`),
    ...(SINGLE_TAGS.has(name) ? [name] : []),
  ];
}

/** Names that a next version of the page may not have. */
function weakNames({ attribs }: Element): string[] {
  const { id = '' } = attribs;
  const isPlain = isUsableName(id);
  return [
    ...(isPlain && !isStableId(id) ? [`#${id}`] : []),
    ...classesOf(attribs.class)
      .filter((each) => isUsableName(each) && !isMeaningfulClass(each))
      .map((each) => `.${each}`),
  ];
}

export const classesOf = (attribute: string | undefined): string[] =>
  attribute === undefined ? [] : [...new Set(attribute.split(/\s+/).filter((name) => name !== ''))];

export function* ancestorsOf(node: AnyNode): Generator<Element> {
  for (let above = node.parent; above !== null; above = above.parent) {
    if (isTag(above) && above.name !== 'body' && above.name !== 'html') yield above;
  }
}

function previousElement(element: Element): Element | null {
  for (let before = element.previousSibling; before !== null; before = before.previousSibling) {
    if (isTag(before)) return before;
  }
  return null;
}

const isWithin = (element: Element, part: Element): boolean => {
  for (let above: AnyNode | null = element.parent; above !== null; above = above.parent)
    if (above === part) return true;
  return false;
};

function isSmall(part: Element): boolean {
  const waiting: Element[] = [part];
  let count = 0;
  for (let next = waiting.pop(); next !== undefined && count <= SMALL_PART; next = waiting.pop()) {
    count += 1;
    waiting.push(...next.children.filter(isTag));
  }
  return count <= SMALL_PART;
}

/** Numbers in headings often change. */
function headingSelector(page: CheerioAPI, element: Element, around: (heading: string) => string): string[] {
  if (!HEADING.test(element.name)) return [];
  const text = page(element).text().trim();
  const isPlain = text !== '' && text.length <= HEADING_CHARS_MAX && !/["\\\d]|\s\s|[\n\t]/.test(text);
  return isPlain ? [around(`${element.name}:contains("${text}")`)] : [];
}

function stepTo(element: Element): string {
  const siblings = element.parent?.children.filter((node) => isTag(node) && node.name === element.name) ?? [];
  return siblings.length <= 1
    ? element.name
    : `${element.name}:nth-of-type(${siblings.indexOf(element) + 1})`;
}
