import { describe, expect, it } from 'vitest';
import { addressesMeant, plainAddress, spellingsOf } from './webAddress';

describe('the address of a page', () => {
  it.each([
    ['https://example.com/news', ['https://example.com/news']],
    [' http://example.com ', ['http://example.com']],
    ['HTTP://Example.com/A', ['HTTP://Example.com/A']],
    ['example.com/path?q=1#top', ['https://example.com/path?q=1#top', 'http://example.com/path?q=1#top']],
    ['//example.com/path', ['https://example.com/path', 'http://example.com/path']],
    ['example.com:8443/x', ['https://example.com:8443/x', 'http://example.com:8443/x']],
    ['bücher.example', ['https://bücher.example', 'http://bücher.example']],
    ['93.184.216.34', ['https://93.184.216.34', 'http://93.184.216.34']],
    ['10.example.com', ['https://10.example.com', 'http://10.example.com']],
    ['localhost:4810', ['http://localhost:4810']],
    ['localhost', ['http://localhost']],
    ['host:8080/x', ['http://host:8080/x']],
    ['data:8080/x', ['http://data:8080/x']],
    ['nas.local/photos', ['http://nas.local/photos']],
    ['127.0.0.1:3000', ['http://127.0.0.1:3000']],
    ['127.1', ['http://127.1']],
    ['192.168.1.20/status', ['http://192.168.1.20/status']],
    ['172.31.0.1', ['http://172.31.0.1']],
    ['172.32.0.1', ['https://172.32.0.1', 'http://172.32.0.1']],
    ['[::1]:3000/x', ['http://[::1]:3000/x']],
    ['[2001:db8::1]', ['https://[2001:db8::1]', 'http://[2001:db8::1]']],
  ])('typed as %s is %j', (typed, meant) => expect(addressesMeant(typed)).toEqual(meant));

  it.each([
    '',
    ' ',
    'not an address',
    'https://',
    'ftp://example.com',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'javascript:1',
    'mailto:ada@example.com',
    'tel:5550100',
    'ada@example.com',
    'user:password@example.com',
    'localhost:99999',
  ])('is not "%s"', (typed) => expect(addressesMeant(typed)).toEqual([]));
});

describe('pages that are compared', () => {
  it.each([
    'https://example.com/news',
    'https://example.com/news/',
    'https://Example.com/news/#top',
    'HTTPS://example.com:443/news',
  ])('are the same page: %s', (url) => {
    expect(plainAddress(url)).toBe('https://example.com/news');
    expect(spellingsOf(url)).toEqual(
      expect.arrayContaining([url, 'https://example.com/news', 'https://example.com/news/']),
    );
  });

  it('are other pages with another query', () =>
    expect(plainAddress('https://example.com/news?page=2')).not.toBe(
      plainAddress('https://example.com/news'),
    ));

  it('may be stored without being addresses', () => expect(plainAddress('not one')).toBe('not one'));
});
