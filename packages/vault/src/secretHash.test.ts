import { expect, it } from 'vitest';
import { hashSecret, isSameSecret } from './secretHash';

it('a secret is stored as SHA-256 in hex, which is what databases already hold', () => {
  expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

it.each([
  ['secret', 'secret', true],
  ['', '', true],
  ['pässword', 'pässword', true],
  ['secret', 'secreT', false],
  ['secret', 'secret ', false],
  ['', 'secret', false],
  ['secret', '', false],
])('whether %j is %j: %s', (given, expected, isSame) => {
  expect(isSameSecret(given, expected)).toBe(isSame);
});
