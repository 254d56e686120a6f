import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { clientOf, isForwarded, markClient, markOldProxy } from './forwarding';

describe('isForwarded', () => {
  it.each<Record<string, string>>([
    { 'x-forwarded-for': '203.0.113.7' },
    { 'x-forwarded-for': '127.0.0.1, 203.0.113.7' },
    { 'x-forwarded-proto': 'https' },
    { 'x-forwarded-proto': 'https,http' },
    { 'x-real-ip': '127.0.0.1' },
    { forwarded: 'for=203.0.113.7' },
    { via: '1.1 proxy' },
    { 'cf-connecting-ip': '203.0.113.7' },
  ])('sees a proxy in %j', (headers) => expect(isForwarded(new Headers(headers))).toBe(true));

  it.each<Record<string, string>>([
    {},
    { host: 'localhost:3000', origin: 'http://localhost:3000' },
    { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'http', 'x-forwarded-port': '3000' },
    { 'x-forwarded-for': '::ffff:127.0.0.1' },
    { 'x-forwarded-for': '::1' },
    { 'x-forwarded-for': '127.0.0.1, ::1' },
  ])('sees none in %j, which Next and browsers send', (headers) =>
    expect(isForwarded(new Headers(headers))).toBe(false),
  );
});

describe('markOldProxy', () => {
  const request = (httpVersion: string): IncomingMessage =>
    Object.assign(new IncomingMessage(new Socket()), { httpVersion });

  it("marks requests of HTTP/1.0, which is nginx's default and no browser's", () => {
    const old = request('1.0');
    markOldProxy(old);
    expect(old.headers.via).toBeDefined();
    expect(old.rawHeaders).toContain('Via');
  });

  it('leaves requests of HTTP/1.1 as they are', () => {
    const modern = request('1.1');
    markOldProxy(modern);
    expect(modern.rawHeaders).toEqual([]);
  });
});

describe('clientOf', () => {
  it.each([
    ['203.0.113.7, 127.0.0.1', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7, ::ffff:127.0.0.1', '203.0.113.7'],
    ['203.0.113.7, 10.0.0.2, 127.0.0.1', '203.0.113.7'],
    ['10.0.0.9, 127.0.0.1', '10.0.0.9'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['127.0.0.1', 'this machine'],
    ['nonsense', 'this machine'],
    ['', 'this machine'],
  ])('of %j is %s', (addresses, client) =>
    expect(clientOf(new Headers({ 'x-forwarded-for': addresses }))).toBe(client),
  );

  it('believes the connection more than what the request says', () => {
    const request = new IncomingMessage(new Socket());
    Object.defineProperty(request.socket, 'remoteAddress', { value: '203.0.113.7' });
    request.headers['x-forwarded-for'] = '198.51.100.1';
    markClient(request);
    expect(request.headers['x-forwarded-for']).toBe('198.51.100.1, 203.0.113.7');
    expect(request.rawHeaders).toEqual(['X-Forwarded-For', '203.0.113.7']);
  });
});
