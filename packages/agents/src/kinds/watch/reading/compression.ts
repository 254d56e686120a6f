import { isUtf8 } from 'node:buffer';
import { constants, gunzipSync } from 'node:zlib';
import { Decompress } from 'fzstd';

export interface Decompressed {
  bytes: Uint8Array;
  /** Whether they end at the limit. */
  isCut: boolean;
}

/**
 * Undoes gzip and zstd by their first bytes: files that are stored compressed, and bodies in a coding that
 * Node's HTTP client does not know (zstd before Node 22). Null when the bytes are damaged.
 */
export function decompress(bytes: Uint8Array, bytesMax: number): Decompressed | null {
  try {
    if (startsWith(bytes, 0x1f, 0x8b, 0x08)) return gunzip(bytes, bytesMax);
    if (startsWith(bytes, 0x28, 0xb5, 0x2f, 0xfd)) return unzstd(bytes, bytesMax);
    return { bytes, isCut: false };
  } catch {
    return null;
  }
}

/** Codings that are undone, or that leave the bytes as they are, whatever servers call that. */
const KNOWN_CODING = /^(?:x-)?(?:gzip|deflate|br|brotli|identity|none|utf-?8|binary|8bit|)$/i;

/** Whether bytes came in a coding that was not undone, and are no text without that. */
export function isStillPacked({
  bytes,
  contentEncoding = '',
}: {
  bytes: Uint8Array;
  contentEncoding?: string;
}): boolean {
  return !contentEncoding.split(',').every((coding) => KNOWN_CODING.test(coding.trim())) && !isUtf8(bytes);
}

const startsWith = (bytes: Uint8Array, ...first: number[]): boolean =>
  first.every((byte, index) => bytes[index] === byte);

function gunzip(bytes: Uint8Array, bytesMax: number): Decompressed {
  // A body that was read up to a limit has no end.
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: bytesMax * UNPACKED_FACTOR_MAX };
  const whole = gunzipSync(bytes, options);
  return { bytes: whole.subarray(0, bytesMax), isCut: whole.length > bytesMax };
}

/** What is packed tighter is no page. */
const UNPACKED_FACTOR_MAX = 8;
/** So that no more than the limit is unpacked before the rest is left out. */
const ZSTD_STEP_BYTES = 65_536;

function unzstd(bytes: Uint8Array, bytesMax: number): Decompressed {
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((chunk) => {
    chunks.push(chunk);
    length += chunk.length;
  });
  for (let at = 0; at < bytes.length && length <= bytesMax; at += ZSTD_STEP_BYTES) {
    const step = bytes.subarray(at, at + ZSTD_STEP_BYTES);
    stream.push(step, at + ZSTD_STEP_BYTES >= bytes.length);
  }
  return { bytes: Buffer.concat(chunks).subarray(0, bytesMax), isCut: length > bytesMax };
}
