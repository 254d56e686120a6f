import { load } from 'cheerio';
import { Document } from 'domhandler';
import { compile } from 'json-p3';
import { xpathParts } from './xpathParts';

/** What a person may write to name a part of a page. */
export type Selector =
  | { language: 'css'; expression: string; attribute: string | null }
  | { language: 'xpath'; expression: string }
  | { language: 'jsonpath'; expression: string };

const PREFIXES = [
  ['xpath1:', 'xpath'],
  ['xpath:', 'xpath'],
  ['jsonpath:', 'jsonpath'],
  ['json:', 'jsonpath'],
  ['css:', 'css'],
] as const;

/**
 * A JSONPath begins with `$`, an XPath with `/`, `./` or `(`; anything else is CSS, with the name of an
 * attribute behind it where the attribute is meant (`a@href`). A prefix such as `xpath:` says so too. Null
 * for what is none of them.
 */
export function parseSelector(text: string): Selector | null {
  try {
    return checked(text.trim());
  } catch {
    return null;
  }
}

const EXAMPLES =
  'CSS such as "main h2" or "a@href", an XPath such as "//main//h2", or a JSONPath such as "$.items[0].price"';
const REASON_CHARS_MAX = 160;

/** What is wrong with a text that is no selector, as the rest of a sentence about it. Null: it is one. */
export function selectorProblem(text: string): string | null {
  try {
    checked(text.trim());
    return null;
  } catch (error) {
    const name = LANGUAGE_NAMES[readPrefix(text.trim()).language];
    const [reason = ''] = error instanceof Error ? error.message.split('\n') : [];
    const why = reason === '' ? '' : ` (${reason.slice(0, REASON_CHARS_MAX).toWellFormed()})`;
    return `is no ${name}${why}. Write ${EXAMPLES}`;
  }
}

const LANGUAGE_NAMES: Readonly<Record<Selector['language'], string>> = {
  css: 'CSS selector',
  xpath: 'XPath',
  jsonpath: 'JSONPath',
};

function readPrefix(text: string): Pick<Selector, 'language' | 'expression'> {
  const prefix = PREFIXES.find(([start]) => text.startsWith(start));
  const expression = prefix === undefined ? text : text.slice(prefix[0].length).trim();
  return { expression, language: prefix?.[1] ?? languageOf(expression) };
}

function checked(text: string): Selector {
  const { expression, language } = readPrefix(text);
  if (language === 'jsonpath') {
    compile(expression);
    return { language, expression };
  }
  if (language === 'xpath') {
    xpathParts(new Document([]), expression);
    return { language, expression };
  }
  const [, css = expression, attribute = null] = /^(.*[^\s@])\s*@([\w:.-]+)$/s.exec(expression) ?? [];
  load('<p>')(css);
  return { language, expression: css, attribute };
}

function languageOf(expression: string): Selector['language'] {
  if (expression.startsWith('$')) return 'jsonpath';
  return /^(\/|\.\.?\/|\()/.test(expression) ? 'xpath' : 'css';
}
