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
 * A JSONPath begins with `$`, an XPath with `/`, `./` or `(`; anything else is CSS, with the name of an attribute
 * behind it where the attribute is meant (`a@href`). A prefix such as `xpath:` says so too. Null for what is none
 * of them.
 */
export function parseSelector(text: string): Selector | null {
  try {
    return checked(text.trim());
  } catch {
    return null;
  }
}

function checked(text: string): Selector {
  const prefix = PREFIXES.find(([start]) => text.startsWith(start));
  const expression = prefix === undefined ? text : text.slice(prefix[0].length).trim();
  const language = prefix?.[1] ?? languageOf(expression);
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
