import { expect, it } from 'vitest';
import { isHostListed } from './hostList';

it.each([
  ['https://example.com/x', 'example.com', true],
  ['http://example.com', 'example.com', true],
  ['https://example.com:8443', 'example.com', false],
  ['https://example.com:8443', 'example.com:8443', true],
  ['https://api.example.com', 'example.com', false],
  ['https://api.example.com', '*.example.com', true],
  ['https://a.b.example.com', '*.example.com', true],
  ['https://example.com', '*.example.com', false],
  ['https://evil-example.com', '*.example.com', false],
  ['https://example.com.evil.net', 'example.com', false],
  ['https://EXAMPLE.com', ' Example.COM ', true],
  ['http://localhost:4810', 'localhost:4810', true],
])('%s on a list with %s: %s', (url, listed, isListed) => {
  expect(isHostListed(new URL(url), [listed])).toBe(isListed);
});
