import { expect, it } from 'vitest';
import { mapSecretTexts, secretTextsOf } from './secretTexts';

const config = { a: 'secret', b: { one: 'x', two: ['y', { three: 'z' }], none: null, count: 1 }, c: 'open' };

it('texts in the fields of secrets are replaced wherever they are, and each is known by its place', () => {
  expect(mapSecretTexts(config, ['a', 'b'], (text, path) => `${path}=${text}`)).toEqual({
    a: 'a=secret',
    c: 'open',
    b: { one: 'b.one=x', two: ['b.two.0=y', { three: 'b.two.1.three=z' }], none: null, count: 1 },
  });
});

it('they are listed in their order', () => {
  expect(secretTextsOf(config, ['a', 'b'])).toEqual(['secret', 'x', 'y', 'z']);
  expect(secretTextsOf(config, [])).toEqual([]);
});
