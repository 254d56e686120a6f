import { AppError, LIMITS, type WatchFileFormat } from '@everbeat/domain';
import { strFromU8, unzipSync } from 'fflate';
import { readAddressList } from './addressList';
import { isChangeDetection, readChangeDetection } from './changeDetection';
import { type DescribedWatch, type ImportedWatch, importedWatch } from './describedWatch';
import { fileSchema, readEverbeat } from './everbeatFile';
import { readOpml } from './opml';
import { readUrlwatch } from './urlwatch';

export interface WatchFile {
  format: WatchFileFormat;
  watches: ImportedWatch[];
}

/**
 * The watches of a file: a list of addresses, OPML, a backup of changedetection.io (the zip, or the JSON in
 * it), the `urls.yaml` of urlwatch, or what Everbeat has exported. Which one it is, is seen by its content.
 * @throws AppError `invalid-input`, with what is wrong with the file and what to do
 */
export function readWatchFile(bytes: Uint8Array): WatchFile {
  const { format, watches } =
    bytes[0] === 0x50 && bytes[1] === 0x4b ? readZip(bytes) : readText(textOf(bytes));
  if (watches.length === 0) {
    throw unfit(
      `There are no watches in the file${format === 'list' ? '' : `, which looks like one of ${FORMAT_NAMES[format]}`}.`,
    );
  }
  if (watches.length > LIMITS.importFileWatchesMax) {
    throw unfit(
      `The file holds ${watches.length} watches; at most ${LIMITS.importFileWatchesMax} are read. Split it.`,
    );
  }
  return { format, watches: watches.map(importedWatch) };
}

const FORMAT_NAMES: Readonly<Record<WatchFileFormat, string>> = {
  everbeat: 'Everbeat',
  changedetection: 'changedetection.io',
  urlwatch: 'urlwatch',
  opml: 'a feed reader (OPML)',
  list: 'addresses',
};

interface Described {
  format: WatchFileFormat;
  watches: DescribedWatch[];
}

const unfit = (message: string): AppError => new AppError('invalid-input', message);

function textOf(bytes: Uint8Array): string {
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const encoding = isUtf16 ? (bytes[0] === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: !isUtf16 }).decode(bytes);
  } catch {
    throw unfit(
      'The file is no text in UTF-8. Import a list of addresses, OPML, YAML, JSON, or the zip of a backup.',
    );
  }
}

function readText(text: string): Described {
  const start = text.trimStart();
  if (start.startsWith('{') || start.startsWith('[')) return readJson(text);
  if (start.startsWith('<')) {
    return { format: 'opml', watches: parsed('It looks like OPML', () => readOpml(text)) };
  }
  if (/^(?:---\s*$|(?:name|url|navigate|command|kind|filter)\s*:(?!\/\/))/m.test(start)) {
    return {
      format: 'urlwatch',
      watches: parsed('It looks like the YAML of urlwatch', () => readUrlwatch(text)),
    };
  }
  return { format: 'list', watches: readAddressList(text) };
}

function readJson(text: string): Described {
  const json: unknown = parsed('It looks like JSON', () => JSON.parse(text));
  const own = fileSchema.safeParse(json);
  if (own.success) return { format: 'everbeat', watches: readEverbeat(own.data) };
  if (isChangeDetection(json)) return { format: 'changedetection', watches: readChangeDetection([json]) };
  throw unfit('The JSON is neither an export of Everbeat nor of changedetection.io (url-watches.json).');
}

/** @throws AppError for whatever the parser throws */
function parsed<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const why = error instanceof Error ? ` (${error.message.split('\n')[0]?.slice(0, 200)})` : '';
    throw unfit(`${what}, but cannot be read${why}. Check that the file is whole, and import it again.`);
  }
}

/**
 * The files of a backup of changedetection.io that hold watches; its snapshots and pictures are not unpacked.
 */
const HOLDS_WATCHES = /(?:^|\/)(?:url-watches|changedetection|watch)\.json$/;

function readZip(bytes: Uint8Array): Described {
  let left: number = LIMITS.importUnpackedBytesMax;
  const files = parsed('It looks like a zip', () =>
    unzipSync(bytes, {
      filter({ name, originalSize }) {
        if (!HOLDS_WATCHES.test(name)) return false;
        left -= originalSize;
        if (left < 0) throw new Error(`it holds more than ${LIMITS.importUnpackedBytesMax} bytes of watches`);
        return true;
      },
    }),
  );
  const names = Object.keys(files).sort();
  if (names.length === 0) {
    throw unfit(
      'The zip holds no url-watches.json, as a backup of changedetection.io does. Import the file itself.',
    );
  }
  const contents = names.map((name): unknown =>
    parsed(`${name} is in the zip`, () => JSON.parse(strFromU8(files[name] ?? new Uint8Array()))),
  );
  return { format: 'changedetection', watches: readChangeDetection(contents) };
}
