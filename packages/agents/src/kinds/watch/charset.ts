import { AgentError } from '../../shared/agentError';
import type { SafeResponse } from '../../shared/safeFetch';

type PageFormat = 'html' | 'json' | 'text';

export interface DecodedPage {
  format: PageFormat;
  source: string;
}

/** How far into a page its declaration of a charset is searched for, as in browsers. */
const DECLARATION_BYTES = 1_024;

/**
 * The body as text, and what kind of text it is.
 * @throws AgentError `watch_unsupported_type`
 */
export function decodeBody({ headers, body, url }: SafeResponse): DecodedPage {
  const contentType = headers.get('content-type') ?? '';
  const mediaType = contentType.split(';')[0]?.trim().toLowerCase() ?? '';
  const format = formatOf(mediaType, body);
  if (format === undefined) {
    throw new AgentError(
      'watch_unsupported_type',
      `${new URL(url).host} answered with ${/^[\w.+/-]+$/.test(mediaType) ? mediaType : 'something'} that is not text. Watch a web page, JSON or a text file.`,
    );
  }
  return { format, source: decoderFor(contentType, body).decode(body) };
}

function formatOf(mediaType: string, body: Uint8Array): PageFormat | undefined {
  if (mediaType === 'text/html' || mediaType === 'application/xhtml+xml') return 'html';
  if (mediaType === 'application/json' || mediaType.endsWith('+json')) return 'json';
  if (/^text\/|[/+](xml|yaml|javascript)$/.test(mediaType)) return 'text';
  if (mediaType !== '' && mediaType !== 'application/octet-stream') return undefined;
  if (body.includes(0)) return undefined;
  return /^\s*<(!doctype html|html)/i.test(asciiHead(body)) ? 'html' : 'text';
}

/**
 * By a byte order mark, the header, the page's own declaration, or else as UTF-8: the order that browsers
 * use.
 */
function decoderFor(contentType: string, body: Uint8Array): TextDecoder {
  const declared = [
    charsetOfMark(body),
    /charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType)?.[1],
    /<meta[^>]+charset\s*=\s*["']?([^\s"'/>;]+)/i.exec(asciiHead(body))?.[1],
    /^<\?xml[^>]+encoding\s*=\s*["']([^"']+)/i.exec(asciiHead(body))?.[1],
  ];
  for (const label of declared) {
    const decoder = label === undefined ? undefined : decoderNamed(label);
    if (decoder !== undefined) return decoder;
  }
  return new TextDecoder();
}

function charsetOfMark([first, second, third]: Uint8Array): string | undefined {
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return undefined;
}

function decoderNamed(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label);
  } catch {
    return undefined;
  }
}

const asciiHead = (body: Uint8Array): string =>
  new TextDecoder('latin1').decode(body.subarray(0, DECLARATION_BYTES));
