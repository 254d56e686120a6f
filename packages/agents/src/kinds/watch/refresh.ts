import type { CheerioAPI } from 'cheerio';
import type { SafeResponse } from '../../shared/safeFetch';
import { asciiHead, decode } from './reading/charset';
import { parseHtml } from './reading/htmlTree';

/** A page that goes on later than this is meant to be read first, or only loads itself anew now and then. */
const DELAY_SECONDS_MAX = 5;
/** How far into a page a refresh is looked for. */
const HEAD_BYTES_MAX = 65_536;

/**
 * Where a page leads on by itself, by the header `Refresh` or a meta element, as browsers do (HTML standard,
 * "shared declarative refresh steps"). Null: nowhere, or too late. What stands in `noscript` is for readers
 * whose browser runs no scripts.
 */
export function refreshTarget({ status, headers, body, url }: SafeResponse): string | null {
  if (status < 200 || status > 299) return null;
  const header = headers.get('refresh');
  if (header !== null) return targetIn(header, url);
  if (!/http-equiv\s*=\s*["']?\s*refresh/i.test(asciiHead(body, HEAD_BYTES_MAX))) return null;
  const { page } = parseHtml(decode(body.subarray(0, HEAD_BYTES_MAX), headers.get('content-type') ?? ''));
  const content = page('meta[http-equiv="refresh" i][content]').first().attr('content');
  return content === undefined ? null : targetIn(content, baseOf(page, url));
}

function baseOf(page: CheerioAPI, url: string): string {
  const href = page('base[href]').first().attr('href') ?? '';
  return URL.canParse(href, url) ? new URL(href, url).href : url;
}

/** A number of seconds, and an address behind it that may be named `url` and stand in quotation marks. */
const CONTENT = /^\s*(?:(\d+)[\d.]*|\.[\d.]*)(?:\s*[;,]\s*|\s+)(?:url\s*=\s*)?(\S.*)$/is;

function targetIn(content: string, base: string): string | null {
  const [, seconds = '0', rest = ''] = CONTENT.exec(content) ?? [];
  const [, , quoted] = /^(["'])(.*?)(?:\1|$)/s.exec(rest) ?? [];
  const address = (quoted ?? rest).trim();
  if (address === '' || Number(seconds) > DELAY_SECONDS_MAX || !URL.canParse(address, base)) return null;
  const { protocol, href } = new URL(address, base);
  return /^https?:$/.test(protocol) ? href : null;
}
