import { describe, expect, it } from 'vitest';
import { isTooMarked } from './markdownLimits';

describe('isTooMarked', () => {
  it.each([
    ['quotes in quotes', '>'.repeat(20_000)],
    ['quotes with spaces', '> '.repeat(17)],
    ['lists in lists, in one line', '1. '.repeat(17)],
    ['quotes and lists in turn', '> - '.repeat(9)],
    ['lists in lists, line by line', Array.from({ length: 60 }, (_, n) => `${'  '.repeat(n)}- a`).join('\n')],
    ['emphasis that never ends', '*_'.repeat(100_000)],
    ['links that never end', '[('.repeat(100_000)],
    ['runs of backticks of many lengths', Array.from({ length: 100 }, (_, n) => '`'.repeat(n)).join('a')],
    ['marks in many blocks', '[a](b) '.repeat(900).concat('\n\n').repeat(3)],
    ['more items than anybody reads', '- a\n'.repeat(2_100)],
    ['more addresses than anybody reads', 'http://a '.repeat(2_100)],
    ['more paragraphs than anybody reads', 'a\n\n'.repeat(6_000)],
    ['lines that end in a carriage return alone', 'a\r'.repeat(12_000)],
    ['a table whose rows are filled up', `${'|a'.repeat(200)}\n${'|-'.repeat(200)}\n${'a\n'.repeat(100)}`],
  ])('finds %s', (_name, text) => expect(isTooMarked(text)).toBe(true));

  it.each([
    ['nothing', ''],
    [
      'a long report',
      `## Part\n\nSome *words* with a [link](https://example.com/a_b).\n\n- one\n- two\n\n`.repeat(400),
    ],
    ['a table', `| a | b | c |\n|---|---|---|\n${'| 1 | 2 | 3 |\n'.repeat(500)}`],
    ['a mail that was answered often', `${'> '.repeat(10)}so be it\n`.repeat(40)],
    ['a list of some depth', Array.from({ length: 12 }, (_, n) => `${'   '.repeat(n)}1. a`).join('\n')],
    ['lines drawn across the page', `${'-'.repeat(200)}\n\n${'*'.repeat(80)}\n`],
    ['code that stands far to the right', `${' '.repeat(120)}return a - b;`],
  ])('lets pass %s', (_name, text) => expect(isTooMarked(text)).toBe(false));

  it('takes no long time itself', () => {
    const began = performance.now();
    for (const part of ['*_', '> ', '1. ', '\n', ' ', '\t-', '|', '1', '\n ', '\r', '1.'])
      isTooMarked(part.repeat(200_000 / part.length));
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
