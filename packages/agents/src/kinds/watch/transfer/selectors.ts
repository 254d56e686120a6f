import { parseSelector } from '../reading/selector';

/**
 * One selector for all that several select, as far as one language can say it; what cannot be is left out.
 */
export function joinedSelector(selectors: readonly string[], leftOut: string[]): string | undefined {
  const parsed = selectors.flatMap((text) => {
    const selector = parseSelector(text);
    if (selector === null) leftOut.push(`The filter “${text}”: it is no selector that Everbeat can read.`);
    return selector === null ? [] : [{ text, selector }];
  });
  const [first] = parsed;
  if (first === undefined) return undefined;
  const { language } = first.selector;
  const isJoined = ({ selector }: (typeof parsed)[number]): boolean =>
    selector.language === language &&
    language !== 'jsonpath' &&
    !('attribute' in selector && selector.attribute);
  const others = parsed.slice(1).filter((each) => !(isJoined(first) && isJoined(each)));
  for (const { text } of others) {
    leftOut.push(`The filter “${text}”: a watch has one part. Watch the address once more for it.`);
  }
  const joined = parsed.filter((each) => !others.includes(each));
  if (joined.length === 1) return first.text;
  return joined.map(({ selector }) => selector.expression).join(language === 'css' ? ', ' : ' | ');
}

/** The headers, with those that watches have settings of their own for put there. */
export function requestSettings(
  headers: Readonly<Record<string, string>>,
  cookies: Readonly<Record<string, string>> = {},
) {
  const rest: Record<string, string> = {};
  let userAgent: string | undefined;
  const allCookies = { ...cookies };
  for (const [name, value] of Object.entries(headers)) {
    if (/^user-agent$/i.test(name)) userAgent = value;
    else if (/^cookie$/i.test(name)) Object.assign(allCookies, cookiesIn(value));
    else rest[name] = value;
  }
  return { headers: rest, cookies: allCookies, userAgent };
}

const cookiesIn = (header: string): Record<string, string> =>
  Object.fromEntries(
    header.split(';').flatMap((pair) => {
      const at = pair.indexOf('=');
      return at < 1 ? [] : [[pair.slice(0, at).trim(), pair.slice(at + 1).trim()]];
    }),
  );

/** A pattern that takes the whole line it is found in. */
export const wholeLine = (pattern: string): string => `.*(?:${pattern}).*`;
