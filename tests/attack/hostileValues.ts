import fc from 'fast-check';

/** Values that break parsers, SQL statements or the stack. */

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom(
    '',
    ' ',
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udfff\ud800',
    '\ufeff',
    '\u202egnp.exe',
    "'; drop table tasks; --",
    '$1',
    '{{7*7}}',
    '%s%n',
    '\\u0000',
    '__proto__',
    'constructor',
    '../../../etc/passwd',
    'NaN',
    '1e999',
    '0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11',
    '0B7BB5A5-6B25-4BB5-9D5C-7A1E5B0A3F11 ',
    '{0b7bb5a5-6b25-4bb5-9d5c-7a1e5b0a3f11}',
    'x'.repeat(100_000),
    '\u{1f4a9}'.repeat(1_000),
  ),
);

export const hostileNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, -0, -1, 0.1, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, 1e308, -1e308, 5e-324, 1e21),
);

export const nested = (depth: number): unknown => {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
};

/** JSON text nested so deep that `JSON.stringify` would overflow the stack. */
export const deepJson = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  hostileNumber,
  fc.constantFrom<unknown>(
    null,
    true,
    [],
    {},
    [null],
    JSON.parse('{"__proto__":{"isAdmin":true}}'),
    nested(500),
  ),
  fc.jsonValue(),
  fc.dictionary(hostileText, hostileText, { maxKeys: 3 }),
);

/** A record whose fields are each valid, hostile or missing. */
export const hostileRecord = (
  good: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .tuple(
      ...Object.entries(good).map(([name, value]) =>
        fc.tuple(
          fc.constant(name),
          fc.oneof(
            { weight: 5, arbitrary: value },
            { weight: 2, arbitrary: hostileJson },
            { weight: 1, arbitrary: fc.constant(undefined) },
          ),
        ),
      ),
    )
    .map((entries) => Object.fromEntries(entries));
