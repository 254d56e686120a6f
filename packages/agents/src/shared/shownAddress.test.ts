import { describe, expect, it } from 'vitest';
import { shownAddress } from './shownAddress';

describe('an address as it is shown', () => {
  it.each([
    ['https://shop.example/item?id=1', 'https://shop.example/item?id=1'],
    ['https://shop.example/item?id=2#price', 'https://shop.example/item?id=2'],
    ['http://shop.example:8080/a%20b?q=größe', 'http://shop.example:8080/a%20b?q=gr%C3%B6%C3%9Fe'],
    [
      'https://x.example/?uuid=550e8400-e29b-41d4-a716-446655440000',
      'https://x.example/?uuid=550e8400-e29b-41d4-a716-446655440000',
    ],
  ])('keeps what tells two pages apart: %s', (address, shown) => {
    expect(shownAddress(address)).toBe(shown);
  });

  it.each([
    ['?api_key=abc123&id=7', '?api_key=…&id=7'],
    ['?X-Amz-Signature=0f', '?X-Amz-Signature=…'],
    ['?access_token=a&sid=b', '?access_token=…&sid=…'],
    ['?t=eyJhbGciOiJIUzI1NiJ9.e30.x', '?t=…'],
    [`?u=${'a1'.repeat(20)}`, '?u=…'],
  ])('hides what lets others in: %s', (query, shown) => {
    expect(shownAddress(`https://x.example/${query}`)).toBe(`https://x.example/${shown}`);
  });

  it('is short, however long the address is', () => {
    expect(shownAddress(`https://x.example/${'a'.repeat(900)}`)).toHaveLength(200);
  });
});
