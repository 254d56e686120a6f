import { Readability } from '@mozilla/readability';
import { fromHtml } from 'hast-util-from-html';
import { toMdast } from 'hast-util-to-mdast';
import { parseHTML } from 'linkedom';
import { gfmToMarkdown } from 'mdast-util-gfm';
import { toMarkdown } from 'mdast-util-to-markdown';
import { parseHtml } from './htmlTree';
import { visibleText } from './visibleText';

/** The readable part of a web page. */
export interface Article {
  /** Empty where the page has none. */
  title: string;
  markdown: string;
}

/** Shows no text, or nothing that a reader of the page looks for. */
const LEFT_OUT =
  'script,style,noscript,template,svg,canvas,iframe,object,embed,nav,[hidden],dialog:not([open])';
const ARTICLE_CHARS_MIN = 200;
/**
 * The part of a page's text that an article has at least. A page with less in it is a list, such as a home
 * page.
 */
const ARTICLE_PART_MIN = 0.3;
/** How much of a page's source is read, from its beginning. */
const SOURCE_CHARS_MAX = 2_000_000;

/**
 * The article of a page where it has one, else all that it shows, as Markdown with whole addresses in its
 * links. Takes longer than linear time on crafted pages, so it runs in a thread with a time limit.
 * @param url the address that relative links start from
 */
export function readArticle(source: string, url: string): Article {
  const { page } = parseHtml(source.slice(0, SOURCE_CHARS_MAX));
  const title = oneLine(page('head > title').first().text());
  page(LEFT_OUT).remove();
  try {
    const shown = page('body').html() ?? '';
    const article = articleIn(page.html());
    const markdown = markdownOf(article?.content || shown, url);
    return { title: title === '' ? oneLine(article?.title ?? '') : title, markdown };
  } catch (error) {
    // These libraries call themselves for each level of a page, and some pages have thousands.
    if (!(error instanceof RangeError)) throw error;
    return { title, markdown: visibleText(page('body').toArray(), SOURCE_CHARS_MAX) };
  }
}

function articleIn(html: string): { title: string; content: string } | null {
  const { document } = parseHTML(html);
  const charsShown = charsOf(document.body.textContent);
  const article = new Readability(document, { charThreshold: ARTICLE_CHARS_MIN }).parse();
  if (charsOf(article?.textContent) < Math.max(charsShown * ARTICLE_PART_MIN, 1)) return null;
  return { title: article?.title ?? '', content: article?.content ?? '' };
}

const charsOf = (text: string | null | undefined): number => text?.replace(/\s+/g, ' ').length ?? 0;
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function markdownOf(html: string, url: string): string {
  const tree = fromHtml(html, { fragment: true });
  // From where `toMdast` resolves the links.
  tree.children.unshift({ type: 'element', tagName: 'base', properties: { href: url }, children: [] });
  const markdown = toMdast(tree, {
    handlers: { img: (_state, { properties }) => ({ type: 'text', value: String(properties.alt ?? '') }) },
  });
  return toMarkdown(markdown, { extensions: [gfmToMarkdown()], bullet: '-', resourceLink: true }).trim();
}
