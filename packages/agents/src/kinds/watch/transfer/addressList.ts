import type { DescribedWatch } from './describedWatch';

/** The beginning of what may be an address: a scheme, or a name with a dot, or a port. */
const ADDRESS =
  /^(?:https?:\/\/\S+|[\w-]+(?:\.[\w-]+)+(?:[:/?]\S*)?|localhost(?:[:/]\S*)?|[\w-]+:\d+(?:\/\S*)?)$/i;

/**
 * One address a line, with a title behind or before it. Empty lines and lines that begin with `#` say
 * nothing.
 */
export function readAddressList(text: string): DescribedWatch[] {
  return text.split(/\r\n?|\n/).flatMap((line, index): DescribedWatch[] => {
    const words = line
      .trim()
      .replace(/^[-*•]\s+/, '')
      .split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) return [];
    const at = words.findIndex((word) => ADDRESS.test(bare(word)));
    const nothing = { settings: {}, leftOut: [] };
    if (at < 0) {
      return [{ ...nothing, url: line.trim(), problem: `Line ${index + 1} holds no web address.` }];
    }
    const name = words
      .filter((_, place) => place !== at)
      .join(' ')
      .replace(/^[-–—|:,;]\s*|\s*[-–—|:,;]$/g, '');
    return [{ ...nothing, url: bare(words[at] ?? ''), name }];
  });
}

const bare = (word: string): string => word.replace(/^[<"'(]|[>"'),;]$/g, '');
