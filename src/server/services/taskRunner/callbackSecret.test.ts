import { hashSecret } from '@everbeat/vault';
import { expect, it } from 'vitest';
import { callbackUrl, isCallbackSecret } from './callbackSecret';

it('a callback secret is known by its hash, and a hash of another form is that of none', () => {
  const hash = hashSecret('secret');
  expect(isCallbackSecret('secret', hash)).toBe(true);
  expect(isCallbackSecret('other', hash)).toBe(false);
  expect(isCallbackSecret('secret', '')).toBe(false);
});

it('the address of a callback names its operation and its secret', () => {
  const url = new URL(callbackUrl('https://everbeat.example.com', 'op 1', 's&s'));
  expect(url.origin).toBe('https://everbeat.example.com');
  expect(Object.fromEntries(url.searchParams)).toEqual({ operationId: 'op 1', secret: 's&s' });
});
