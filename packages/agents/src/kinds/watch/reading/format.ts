import { asciiHead } from './charset';

export type Format = 'html' | 'xml' | 'json' | 'text' | 'pdf';

/** What the bytes are, by looking at them where the media type is wrong or says little; null for no text. */
export function formatOf(contentType: string, bytes: Uint8Array): Format | null {
  const mediaType = mediaTypeOf(contentType);
  const head = asciiHead(bytes, 1_024);
  if (/%PDF-\d/.test(head)) return 'pdf';
  if (NO_TEXT.test(mediaType) || isBinary(bytes, contentType)) return null;
  const start = head.replace(/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)/, '').trimStart();
  if (/^[{[]|^\)\]\}'/.test(start.replaceAll('\0', '')) || /[/+]json$/.test(mediaType)) {
    return start.startsWith('<') ? 'html' : 'json';
  }
  if (
    XHTML.test(start) ||
    (UNKNOWN.test(mediaType) && SNIFFED.test(start)) ||
    /^(text\/html|application\/xhtml\+xml)$/.test(mediaType)
  ) {
    return /^<\?xml[^>]*>\s*<(?!!doctype html|html)[a-z]|^<(rss|feed|rdf:RDF)[\s>]/i.test(start)
      ? 'xml'
      : 'html';
  }
  if (/^<\?xml\s/i.test(start) || /^<(rss|feed|rdf:RDF)[\s>]/.test(start)) return 'xml';
  return /[/+]xml$/.test(mediaType) && start.startsWith('<') ? 'xml' : 'text';
}

export const mediaTypeOf = (contentType: string): string =>
  contentType.split(';')[0]?.trim().toLowerCase() ?? '';

const NO_TEXT = /^(image\/(?!svg)|audio\/|video\/|font\/|model\/)/;
/** How HTML begins, also where it says it was something else. */
const XHTML = /^(<\?xml[^>]*>\s*)?(<!--[\s\S]*?-->\s*)*<(!doctype html|html|head|body)[\s>]/i;

/** No type, or one that says nothing; and how HTML begins then (MIME Sniffing standard). */
const UNKNOWN = /^(\*\/\*|(unknown|application)\/unknown)?$/;
const SNIFFED =
  /^<(!--|(!doctype html|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p)[\s>])/i;

/**
 * The bytes that occur in no text (MIME Sniffing standard, "binary data byte"), without the escape of
 * ISO-2022-JP.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is searched for
const BINARY = /[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]/;
const SNIFFED_BYTES = 4_096;

function isBinary(bytes: Uint8Array, contentType: string): boolean {
  const head = asciiHead(bytes, SNIFFED_BYTES);
  const isUtf16 =
    /^(\xff\xfe|\xfe\xff)/.test(head) || /^(<\0|\0<)/.test(head) || isDeclaredUtf16(contentType);
  return !isUtf16 && BINARY.test(head);
}

const isDeclaredUtf16 = (contentType: string): boolean => /charset\s*=\s*["']?utf-?16/i.test(contentType);
