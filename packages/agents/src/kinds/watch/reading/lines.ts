const LINE_CHARS_MAX = 200;
const LINE_CHARS_MIN = 60;
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

/**
 * Ends a line behind a word that its own letters choose, so that a word that comes or goes leaves the lines
 * after it as they were.
 */
function wrap(line: string): string[] {
  if (line.length <= LINE_CHARS_MAX) return [line];
  const lines: string[] = [];
  let start = 0;
  let end = 0;
  for (const [word] of line.matchAll(/\S+\s*|\s+/g)) {
    if (end > start && end - start + word.length > LINE_CHARS_MAX) {
      lines.push(line.slice(start, end));
      start = end;
    }
    end += word.length;
    while (end - start > LINE_CHARS_MAX) {
      const cut = betweenCharacters(line, start, start + LINE_CHARS_MAX);
      lines.push(line.slice(start, cut));
      start = cut;
    }
    if (end - start >= LINE_CHARS_MIN && isEnd(word)) {
      lines.push(line.slice(start, end));
      start = end;
    }
  }
  return end > start ? [...lines, line.slice(start)] : lines;
}

/** About one of so many words ends a line. */
const WORDS_PER_END = 8;

function isEnd(word: string): boolean {
  let sum = 0;
  for (const letter of word) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % WORDS_PER_END === 0;
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
