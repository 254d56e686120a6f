import { isUtf8 } from 'node:buffer';
import { getBOMEncoding, normalizeEncoding, TextDecoder } from '@exodus/bytes/encoding.js';
import { analyse } from 'chardet';
import { getEncoding } from 'encoding-sniffer';

/**
 * The bytes of a page as text, by the WHATWG rules: a byte order mark, the header, the page's own
 * declaration, and else what the bytes look like, as browsers guess. The decoder is not Node's, which reads
 * windows-1252 as latin1 in some releases.
 */
export function decode(bytes: Uint8Array, contentType: string): string {
  const label = getBOMEncoding(bytes) ?? charsetOfHeader(contentType) ?? charsetOfPage(bytes) ?? guess(bytes);
  return new TextDecoder(label).decode(bytes);
}

function charsetOfHeader(contentType: string): string | null {
  const label = /charset\s*=\s*["']?([^\s"';,]+)/i.exec(contentType)?.[1];
  return label === undefined ? null : decodable(label);
}

/** Those that the standard replaces by an error, such as UTF-7, have no decoder. */
function decodable(label: string): string | null {
  const name = normalizeEncoding(label);
  return name === 'replacement' ? null : name;
}

/**
 * Browsers search the first kilobyte before they parse, and change over when they find a declaration further
 * down while they parse.
 */
const DECLARATION_BYTES = 65_536;

function charsetOfPage(bytes: Uint8Array): string | null {
  const found = (defaultEncoding: string): string | null =>
    decodable(getEncoding(bytes, { maxBytes: DECLARATION_BYTES, defaultEncoding }));
  // Where nothing is declared, the default comes back.
  const label = found('x-user-defined');
  return label === 'x-user-defined' && found('windows-1252') === 'windows-1252' ? null : label;
}

/** How sure the guess has to be, in percent: a few letters look like many encodings. */
const SURE_MULTI_BYTE = 60;
const SURE_SINGLE_BYTE = 40;
const MULTI_BYTE: Readonly<Record<string, string>> = {
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'ISO-2022-JP': 'iso-2022-jp',
  'EUC-KR': 'euc-kr',
  Big5: 'big5',
  GB18030: 'gb18030',
};
/** The encodings of other scripts than the Latin one, which the frequency of letters tells apart. */
const SINGLE_BYTE: Readonly<Record<string, string>> = {
  'windows-1251': 'windows-1251',
  'KOI8-R': 'koi8-r',
  'ISO-8859-5': 'iso-8859-5',
  'ISO-8859-7': 'windows-1253',
  'windows-1253': 'windows-1253',
  'ISO-8859-8': 'windows-1255',
  'windows-1255': 'windows-1255',
  'ISO-8859-6': 'iso-8859-6',
  'windows-1256': 'windows-1256',
};
/** What browsers take for a page in one of these languages (HTML standard, "suggested default encoding"). */
const OF_LANGUAGE: Readonly<Record<string, string>> = {
  ar: 'windows-1256',
  fa: 'windows-1256',
  he: 'windows-1255',
  el: 'iso-8859-7',
  bg: 'windows-1251',
  be: 'windows-1251',
  ru: 'windows-1251',
  uk: 'windows-1251',
  sr: 'windows-1251',
  cs: 'windows-1250',
  hu: 'iso-8859-2',
  pl: 'iso-8859-2',
  sk: 'windows-1250',
  sl: 'iso-8859-2',
  et: 'windows-1257',
  lt: 'windows-1257',
  lv: 'windows-1257',
  th: 'windows-874',
  vi: 'windows-1258',
  tr: 'windows-1254',
  ku: 'windows-1254',
  ja: 'shift_jis',
  ko: 'euc-kr',
  zh: 'gb18030',
  'zh-tw': 'big5',
  'zh-hk': 'big5',
};

/** The escapes between the scripts of ISO-2022-JP, which consists of ASCII otherwise. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape is what is searched for
const ISO_2022_JP = /\x1b(?:\$[@B]|\([BJ])/;

function guess(bytes: Uint8Array): string {
  if (ISO_2022_JP.test(asciiHead(bytes, DECLARATION_BYTES))) return 'iso-2022-jp';
  const [first, second] = bytes;
  if (first === 0 || second === 0) return first === 0 ? 'utf-16be' : 'utf-16le';
  if (isUtf8(withoutCutCharacter(bytes))) return 'utf-8';
  const [best] = analyse(bytes);
  const multiByte = MULTI_BYTE[best?.name ?? ''];
  if (best !== undefined && multiByte !== undefined && best.confidence >= SURE_MULTI_BYTE) return multiByte;
  const singleByte = SINGLE_BYTE[best?.name ?? ''];
  if (best !== undefined && singleByte !== undefined && best.confidence >= SURE_SINGLE_BYTE)
    return singleByte;
  const language = languageOf(bytes);
  return OF_LANGUAGE[language] ?? OF_LANGUAGE[language.slice(0, 2)] ?? 'windows-1252';
}

/** A page that was read up to a limit may end within a character. */
function withoutCutCharacter(bytes: Uint8Array): Uint8Array {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) return bytes.subarray(0, bytes.length - back);
    if (byte < 0x80) break;
  }
  return bytes;
}

const languageOf = (bytes: Uint8Array): string =>
  /<html[^>]*\slang\s*=\s*["']?([a-z-]+)/i.exec(asciiHead(bytes, DECLARATION_BYTES))?.[1]?.toLowerCase() ??
  '';

/** The beginning with one character for each byte, to search in before the encoding is known. */
export const asciiHead = (bytes: Uint8Array, bytesMax: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, bytesMax)).toString('latin1');
