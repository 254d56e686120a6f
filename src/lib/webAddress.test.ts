import { describe, expect, it } from 'vitest';
import { pageAddressSchema } from './webAddress';

describe('the address of a page to watch', () => {
  it('may be typed without a scheme', () => {
    expect(pageAddressSchema.parse(' example.com/news ')).toBe('https://example.com/news');
  });

  it('of this machine may be typed without a scheme', () => {
    expect(pageAddressSchema.parse('localhost:4810/a')).toBe('http://localhost:4810/a');
  });

  it('keeps its scheme and port', () => {
    expect(pageAddressSchema.parse('http://localhost:8080/a')).toBe('http://localhost:8080/a');
  });

  it.each(['', 'javascript:alert(1)', 'file:///etc/passwd', 'not an address'])('refuses "%s"', (address) => {
    expect(pageAddressSchema.safeParse(address).success).toBe(false);
  });
});
