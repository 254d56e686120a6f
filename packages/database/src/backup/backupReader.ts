import { createHash } from 'node:crypto';
import type { z } from 'zod';
import {
  type BackedUpTable,
  type BackupHeader,
  END_OF_ROWS,
  endSchema,
  headerSchema,
  tableEndSchema,
  tableSchema,
} from './format';

const NEWLINE = 10;
/** Rows are passed on in pieces of about this size. */
const PIECE_BYTES = 65_536;

/** Reads a backup from its beginning to its end. Keeps one line and one piece in memory. */
export class BackupReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private unread: Buffer = Buffer.alloc(0);

  /** @param source the uncompressed backup */
  constructor(source: AsyncIterable<Buffer>) {
    this.chunks = source[Symbol.asyncIterator]();
  }

  /** @throws Error when it is no backup, or of a format that this version does not know */
  async header(): Promise<BackupHeader> {
    const header = headerSchema.safeParse(parsedJson(await this.line()));
    if (header.success) return header.data;
    throw new Error('The file is not a backup of Everbeat, or one that only a newer Everbeat can read');
  }

  /** The next table, whose rows have to be read before anything else. Null after the last one. */
  async table(): Promise<BackedUpTable | null> {
    const value = parsedJson(await this.line());
    return endSchema.safeParse(value).success ? null : parsed(tableSchema, value);
  }

  /**
   * The rows of the table as `copy` takes them. Returns how many there were.
   * @throws Error when they are not those that were written
   */
  async *rows(): AsyncGenerator<Buffer, number> {
    const hash = createHash('sha256');
    let rows = 0;
    let piece: Buffer[] = [];
    let size = 0;
    for (;;) {
      const row = await this.line();
      if (row === null) throw new Error(INCOMPLETE);
      if (row.length === END_OF_ROWS.length + 1 && row.toString('latin1') === `${END_OF_ROWS}\n`) break;
      hash.update(row);
      rows += 1;
      piece.push(row);
      size += row.length;
      if (size < PIECE_BYTES) continue;
      yield Buffer.concat(piece);
      piece = [];
      size = 0;
    }
    if (size > 0) yield Buffer.concat(piece);
    const end = parsed(tableEndSchema, parsedJson(await this.line()));
    if (end.rows !== rows || end.sha256 !== hash.digest('hex')) throw new Error(DAMAGED);
    return rows;
  }

  /** The next line with its end. Null at the end of the file. */
  private async line(): Promise<Buffer | null> {
    const parts: Buffer[] = [];
    for (;;) {
      const end = this.unread.indexOf(NEWLINE);
      if (end >= 0) {
        parts.push(this.unread.subarray(0, end + 1));
        this.unread = this.unread.subarray(end + 1);
        return parts.length === 1 ? (parts[0] ?? null) : Buffer.concat(parts);
      }
      parts.push(this.unread);
      const next = await this.chunks.next();
      if (next.done) return null;
      this.unread = next.value;
    }
  }
}

const INCOMPLETE =
  'The backup ends in the middle: it was not written or copied to its end. Nothing was restored';
const DAMAGED = 'The backup is damaged: its checksums do not fit. Nothing was restored';

function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(value === undefined ? INCOMPLETE : DAMAGED);
}

/** Undefined where there is no line, or no JSON in it. */
function parsedJson(line: Buffer | null): unknown {
  try {
    return line === null ? undefined : JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
}
