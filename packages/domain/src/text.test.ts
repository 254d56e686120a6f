import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstLine, isUuid, shortName, storableText, truncated, truncatedLine } from './text';

/** Any UTF-16, including what Postgres refuses. */
const anyText = fc
  .array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('\u0000', '\ud83d', '\ude00', '🌦️', '…')))
  .map((parts) => parts.join(''));

describe('truncated text', () => {
  it.each([
    ['is unchanged where it fits', 'Grüße', 5, 'Grüße'],
    ['shows where it was cut', 'abcdef', 4, 'abc…'],
    ['keeps a whole character before the cut', 'ab😀cd', 5, 'ab😀…'],
    ['leaves out a character that would be cut in two', 'ab😀cd', 4, 'ab…'],
    ['is the mark alone where there is room for no more', '😀😀', 2, '…'],
    ['is empty where there is no room', 'abc', 0, ''],
    ['keeps a space before the cut', 'one two', 5, 'one …'],
  ])('%s', (_what, text, charsMax, shown) => {
    expect(truncated(text, charsMax)).toBe(shown);
  });

  it('of a line has no space before the cut', () => {
    expect(truncatedLine('one two', 5)).toBe('one…');
    expect(truncatedLine('one …', 5)).toBe('one …');
  });

  it('is the beginning of the text, as long as fits, without half a character', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 50 }), (text, charsMax) => {
        const shown = truncated(text, charsMax);
        expect(shown.length).toBeLessThanOrEqual(charsMax);
        if (text.length <= charsMax) {
          expect(shown).toBe(text);
          return;
        }
        const kept = shown.slice(0, -1);
        expect(shown).toBe(charsMax === 0 ? '' : `${kept}…`);
        expect(text.toWellFormed().startsWith(kept)).toBe(true);
        expect(kept.isWellFormed()).toBe(true);
        expect(kept.length).toBeGreaterThanOrEqual(charsMax - 2);
      }),
    );
  });
});

describe('storable text', () => {
  it.each([
    ['is unchanged where it fits', 'Grüße 🌦️', 10, 'Grüße 🌦️'],
    ['loses its NULs', 'a\u0000b\u0000', 10, 'ab'],
    ['is measured without its NULs', '\u0000\u0000ab', 2, 'ab'],
    ['shows where a lone surrogate was', 'a\ud83db', 10, 'a\ufffdb'],
    ['shows where it was truncated', 'abcdef', 4, 'abc…'],
    ['never contains half a surrogate pair', 'ab😀cd', 4, 'ab…'],
    ['is truncated to the mark', 'abc', 1, '…'],
  ])('%s', (_what, text, charsMax, stored) => {
    expect(storableText(text, charsMax)).toBe(stored);
  });

  it('has no NUL, no lone surrogate and at most charsMax units; cleaning it twice changes nothing', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 50 }), (text, charsMax) => {
        const stored = storableText(text, charsMax);
        expect(stored.length).toBeLessThanOrEqual(charsMax);
        expect(stored).not.toContain('\u0000');
        expect(stored.isWellFormed()).toBe(true);
        expect(storableText(stored, charsMax)).toBe(stored);
      }),
    );
  });
});

describe('the first line', () => {
  it.each([
    ['is the first with text', '\n  \n# Weather\nRain', 80, 'Weather'],
    ['has no list mark', '- one\n- two', 80, 'one'],
    ['is found after a horizontal rule', '---\n> said', 80, 'said'],
    ['is empty without text', ' \n###\n', 80, ''],
    ['is truncated', 'abcdef', 4, 'abc…'],
    ['has no carriage return', 'Weather\r\nRain', 80, 'Weather'],
  ])('%s', (_what, text, charsMax, line) => {
    expect(firstLine(text, charsMax)).toBe(line);
  });
});

describe('a short name', () => {
  const long = `Read ${'the release notes and '.repeat(10)}say what changed`;

  it.each([
    ['is the first sentence', 'Count the boats. Then count the ships.', 'Count the boats'],
    ['is the first line', '# Count the boats\n\nAll of them', 'Count the boats'],
    ['keeps a question mark', 'Are there new boats? Tell me.', 'Are there new boats?'],
    ['does not end at an abbreviation', 'Read e.g. the harbour news. Daily.', 'Read e.g. the harbour news'],
    [
      'does not end within a number or an address',
      'Watch example.com for 2.5 hours',
      'Watch example.com for 2.5 hours',
    ],
    ['knows other scripts', '港の船を数える。毎日。', '港の船を数える'],
    ['is empty without text', ' \n#\n', ''],
    ['loses all the stops at its end', 'Count the boats...', 'Count the boats'],
    ['is whole where it just fits', `${'x'.repeat(80)}.`, 'x'.repeat(80)],
    ['keeps a last word that just fits', `${'x'.repeat(75)} then more`, `${'x'.repeat(75)}…`],
    ['keeps a word that ends where it is cut', `${'x'.repeat(74)} then more`, `${'x'.repeat(74)} then…`],
    ['has no comma before the cut', `${'x'.repeat(70)} one,  two and more`, `${'x'.repeat(70)} one…`],
    [
      'is cut between words',
      long,
      'Read the release notes and the release notes and the release notes and the…',
    ],
    ['is cut within a word that is too long', 'x'.repeat(90), `${'x'.repeat(79)}…`],
  ])('%s', (_what, text, name) => {
    expect(shortName(text, 80)).toBe(name);
  });

  it('is storable and never too long', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 50 }), (text, charsMax) => {
        const name = shortName(text, charsMax);
        expect(name.length).toBeLessThanOrEqual(charsMax);
        expect(storableText(name, charsMax)).toBe(name);
      }),
    );
  });
});

describe('a uuid', () => {
  it.each(['0190f5c2-7b7e-7cc0-8000-000000000001', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'])(
    '%s is accepted',
    (text) => {
      expect(isUuid(text)).toBe(true);
    },
  );

  it.each([
    '',
    'T-12',
    '0190f5c27b7e7cc08000000000000001',
    '0190f5c2-7b7e-7cc0-8000-00000000000g',
    '0190f5c2-7b7e-7cc0-8000-000000000001\n',
    ' 0190f5c2-7b7e-7cc0-8000-000000000001',
    '0190f5c2-7b7e-7cc0-8000-000000000001\u0000',
  ])('%j is refused', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
