import type { CheerioAPI } from 'cheerio';
import { type Element, isTag, isText } from 'domhandler';
import type { PricePart } from '../../../pagePreview';
import { firstAmount } from '../compare/amounts';
import { visibleText } from '../reading/visibleText';
import type { SeenElements } from './seenElements';
import { ancestorsOf, classesOf, type Selectors } from './selectors';

const PRICES_MAX = 3;
const PRICE_CHARS_MAX = 40;
/** Words that may stand beside a price in the same part. */
const BESIDE_CHARS_MAX = 16;
const CURRENCY =
  '(?:[€$£¥₹₽₩₺₫฿₴₦]|US\\$|\\b(?:EUR|USD|GBP|CHF|JPY|CNY|INR|AUD|CAD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|RON|TRY|BRL|MXN|ZAR|KRW)\\b|kr\\.?|zł|Kč|Ft|lei|Fr\\.)';
const AMOUNT = "\\d[\\d .,'’]*(?:[.,](?:–|-))?";
const PRICE = new RegExp(`${CURRENCY}\\s?${AMOUNT}|${AMOUNT}\\s?${CURRENCY}`, 'i');

const NAMED_PRICE = /price|preis|prix|precio|prezzo|preco|prijs|pris\b|cena|amount|kosten/i;
/** Prices that are not asked for now, or not for the thing itself. */
const OTHER_PRICE =
  /old|was\b|before|regular|strike|stroke|rrp|uvp|msrp|original|crossed|previous|statt|shipping|versand|delivery|cart|basket|total|save|saving|discount|rabatt|deposit|unit|base-?price|per-/i;
const STRUCK_TAGS = new Set(['del', 's', 'strike']);
const EDGE_TAGS = new Set(['header', 'nav', 'footer', 'aside']);
const WHOLE_TAGS = new Set(['html', 'body']);
const SCOPE_ELEMENTS = 3;
/** A class of so many elements is that of a list of things. */
const LIST_COUNT = 4;

/** The prices that a person may mean who pastes the address, the likeliest first. */
export function pricesIn(page: CheerioAPI, seen: SeenElements, selectors: Selectors): PricePart[] {
  const found = priceElements(seen);
  const stated = statedPrice(page);
  const h1 = seen.elements.findIndex(({ name }) => name === 'h1');
  const rated = found.map(({ element, text, amount, at }) => ({
    element,
    text,
    amount,
    at,
    score: scoreOf(element, selectors) + (stated === amount ? 8 : 0) + (h1 !== -1 && at > h1 ? 1 : 0),
  }));
  rated.sort((a, b) => b.score - a.score || a.at - b.at);
  const prices: PricePart[] = [];
  for (const { element, text, amount, score } of rated) {
    if (score < 0 || prices.length === PRICES_MAX) break;
    const selector = selectors.of(element);
    if (selector !== null) prices.push({ selector, text, amount });
  }
  return prices.length > 0 ? prices : hiddenPrices(page);
}

interface PriceElement {
  element: Element;
  text: string;
  amount: number;
  at: number;
}

/** The innermost elements that hold a whole price and little else. */
function priceElements({ elements, charsOf }: SeenElements): PriceElement[] {
  const found = new Map<Element, PriceElement>();
  elements.forEach((element, at) => {
    const chars = charsOf(element);
    if (chars === 0 || chars > PRICE_CHARS_MAX || WHOLE_TAGS.has(element.name)) return;
    if (!PRICE.test(rawText(element).replace(/\s+/g, ' '))) return;
    const text = visibleText([element], PRICE_CHARS_MAX * 2)
      .replace(/\s+/g, ' ')
      .trim();
    const price = PRICE.exec(text)?.[0];
    if (price === undefined || text.length > price.length + BESIDE_CHARS_MAX) return;
    // Thresholds look at the first number.
    const amount = firstAmount(text)?.value;
    if (amount === undefined || amount !== firstAmount(price)?.value) return;
    for (const above of ancestorsOf(element)) if (!found.delete(above)) break;
    found.set(element, { element, text, amount, at });
  });
  return [...found.values()];
}

/** All text, of a small element: quicker than what a reader sees. */
const rawText = ({ children }: Element): string =>
  children.map((child) => (isText(child) ? child.data : isTag(child) ? rawText(child) : '')).join('');

function scoreOf(element: Element, selectors: Selectors): number {
  const around = [element, ...ancestorsOf(element)];
  const near = around.slice(0, SCOPE_ELEMENTS);
  const isNamed = near.some((each) => NAMED_PRICE.test(namesOf(each)));
  const isOther =
    near.some((each) => OTHER_PRICE.test(namesOf(each))) || around.some(({ name }) => STRUCK_TAGS.has(name));
  const isListed = classesOf(element.attribs.class).some(
    (name) => selectors.countOfClass(name) >= LIST_COUNT,
  );
  const isProperty = near.some(({ attribs }) => attribs.itemprop === 'price');
  return (
    (isNamed ? 4 : 0) +
    (isProperty ? 6 : 0) -
    (isOther ? 8 : 0) -
    (isListed ? 2 : 0) -
    (around.some(({ name }) => EDGE_TAGS.has(name)) ? 4 : 0)
  );
}

const namesOf = ({ attribs }: Element): string =>
  [attribs.id, attribs.class, attribs.itemprop, attribs['data-testid']].filter(Boolean).join(' ');

const META_PRICES = [
  'meta[itemprop="price"]',
  'meta[property="product:price:amount"]',
  'meta[property="og:price:amount"]',
];

/** The price that the page states for search engines. */
function statedPrice(page: CheerioAPI): number | null {
  const contents = META_PRICES.map((selector) => page(selector).attr('content'));
  const scripts = page('script[type="application/ld+json"]')
    .toArray()
    .map((script) => page(script).text());
  const inScripts = scripts.flatMap((text) => /"(?:lowP|p)rice"\s*:\s*"?([\d.,]+)/.exec(text)?.[1] ?? []);
  const written = [...contents, ...inScripts].find((text) => text !== undefined && text !== '');
  return written === undefined ? null : (firstAmount(written)?.value ?? null);
}

/** The prices of a page that shows none where a reader sees it. */
function hiddenPrices(page: CheerioAPI): PricePart[] {
  return META_PRICES.flatMap((selector) => {
    const text = page(selector).length === 1 ? page(selector).attr('content') : undefined;
    const amount = text === undefined ? undefined : firstAmount(text)?.value;
    return text === undefined || amount === undefined
      ? []
      : [{ selector: `${selector}@content`, text, amount }];
  }).slice(0, 1);
}
