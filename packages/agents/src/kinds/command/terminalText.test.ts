import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { terminalText } from './terminalText';

const ESC = '\u001b';

describe('the output of a program as text', () => {
  it.each([
    ['colours', `${ESC}[1m${ESC}[38;5;196mred${ESC}[0m`, 'red'],
    ['colours in 8 bits', '\u009b31mred\u009b0m', 'red'],
    ['colours with colons', `${ESC}[38:2::1:2:3mred${ESC}[m`, 'red'],
    ['movements', `${ESC}[2J${ESC}[1;1Htop${ESC}[K`, 'top'],
    ['a title', `${ESC}]0;my title, with words\u0007text`, 'text'],
    ['a link', `${ESC}]8;;https://example.com${ESC}\\here${ESC}]8;;${ESC}\\`, 'here'],
    ['a title that does not end', `${ESC}]0;my title\nnext line`, '\nnext line'],
    ['a character set', `${ESC}(Btext`, 'text'],
    ['a cursor that is hidden', `${ESC}[?25ltext${ESC}[?25h`, 'text'],
    ['half a code at the end', `text${ESC}[3`, 'text'],
    ['a bell', 'done\u0007', 'done'],
    ['lines of Windows', 'one\r\ntwo\r\n', 'one\ntwo\n'],
    ['a progress bar', ' 10 %\r 55 %\r100 %\nnext', '100 %\nnext'],
    ['a line that was cleared', 'working…\r\ndone', 'working…\ndone'],
    ['bold of old programs', 'b\bbo\bol\bld\bd', 'bold'],
    ['tabs and other scripts', 'a\tb · день 🫀', 'a\tb · день 🫀'],
  ])('is without %s', (_what, output, text) => expect(terminalText(output)).toBe(text));

  it('has no control characters, whatever was printed, and takes linear time', () => {
    const part = fc.constantFrom(
      ESC,
      `${ESC}]`,
      `${ESC}[`,
      '\u009b',
      '\u009d',
      '\r',
      '\b',
      '\n',
      '1;',
      'm',
      'x',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        expect(terminalText(parts.join(''))).not.toMatch(/(?![\t\n])\p{Cc}/u);
      }),
    );
    const started = performance.now();
    for (const flood of [`${ESC}]`, `${ESC}[1;`, '\u009d', '\r', 'x\b']) terminalText(flood.repeat(500_000));
    expect(performance.now() - started).toBeLessThan(5_000);
  });
});
