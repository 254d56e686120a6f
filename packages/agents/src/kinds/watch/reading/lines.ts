const LINE_CHARS_MAX = 200;
/** After the end of a sentence; Chinese and Japanese write no space there. */
const SENTENCE_END = /(?<=[.!?…][)\]"'»”’]*)\s+|(?<=[。！？｡．][」』）】〉》”’]*)(?![」』）】〉》”’])\s*/u;

/**
 * Puts each sentence of a long paragraph on its own line, and wraps what is still long, so that a new word
 * changes few lines.
 */
export function foldLines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .flatMap((line) => (line.length <= LINE_CHARS_MAX ? line : line.split(SENTENCE_END).flatMap(wrap)))
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

function wrap(line: string): string[] {
  const lines: string[] = [];
  let start = 0;
  while (line.length - start > LINE_CHARS_MAX) {
    const space = line.slice(start, start + LINE_CHARS_MAX + 1).lastIndexOf(' ');
    const end = space > 0 ? start + space + 1 : betweenCharacters(line, start, start + LINE_CHARS_MAX);
    lines.push(line.slice(start, end));
    start = end;
  }
  return [...lines, line.slice(start)];
}

const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
/** Longer than what a reader takes for one character, such as a family of emojis. */
const CHARACTER_UNITS_MAX = 40;

/** The position, or where the character begins that it is within. */
function betweenCharacters(text: string, start: number, position: number): number {
  const around = text.slice(start, position + CHARACTER_UNITS_MAX);
  const index = characters.segment(around).containing(position - start)?.index ?? 0;
  return index === 0 ? position : start + index;
}
