/** What starts a terminal code: ESC and a character, or one character for both. */
const CSI = '(?:\\u001b\\[|\\u009b)';
const STRING = '(?:\\u001b[\\]PX^_]|[\\u0090\\u0098\\u009d-\\u009f])';

/**
 * Terminal codes: colours and movements, texts for the terminal itself such as titles and links, and the
 * short ones. None scans further than the next code or line, so the cost is linear whatever the text holds.
 */
const CODES = new RegExp(
  [
    `${CSI}[\\u0030-\\u003f]*[\\u0020-\\u002f]*[\\u0040-\\u007e]?`,
    `${STRING}[^\\u0007\\u001b\\u009c\\n]*(?:\\u0007|\\u001b\\\\|\\u009c)?`,
    '\\u001b[\\u0020-\\u002f]*[\\u0030-\\u007e]?',
  ].join('|'),
  'g',
);

/** Control characters except tab, line feed, carriage return and backspace. */
const CONTROLS = /(?![\t\n\r\b])\p{Cc}/gu;

/**
 * The output of a program as a person would read it on a terminal: without terminal codes and other control
 * characters, and of a line that was overwritten, such as a progress bar, what stood there last.
 */
export function terminalText(output: string): string {
  const plain = output.replace(CODES, '').replace(CONTROLS, '').replaceAll('\r\n', '\n');
  if (!/[\r\b]/.test(plain)) return plain;
  return plain
    .split('\n')
    .map((line) => withoutBackspaces(lastVersion(line)))
    .join('\n');
}

const lastVersion = (line: string): string =>
  line.includes('\r') ? (line.split('\r').findLast((version) => version.trim() !== '') ?? '') : line;

/** Bold and underlined text of old programs: each character twice, with a backspace between them. */
function withoutBackspaces(line: string): string {
  if (!line.includes('\b')) return line;
  const kept: string[] = [];
  for (const character of line) {
    if (character === '\b') kept.pop();
    else kept.push(character);
  }
  return kept.join('');
}
