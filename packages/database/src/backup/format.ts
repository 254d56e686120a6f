import { z } from 'zod';

/**
 * A backup is text, compressed with gzip: a line of JSON that says what it is; then for each table a line of
 * JSON with its name and columns, its rows as Postgres's `copy` writes them, a line `\.`, and a line of JSON
 * with their number and checksum; at the end a line that says that nothing is missing.
 */

export const headerSchema = z.object({
  format: z.literal('everbeat-backup'),
  formatVersion: z.literal(1),
  /** The version that made it. */
  everbeat: z.string(),
  createdAt: z.iso.datetime(),
  /** The migrations that the tables had. */
  migrations: z.array(z.int()).min(1),
});
export type BackupHeader = z.infer<typeof headerSchema>;

export const tableSchema = z.object({ table: z.string(), columns: z.array(z.string()).min(1) });
export type BackedUpTable = z.infer<typeof tableSchema>;

/** `sha256` is that of the rows as `copy` wrote them. */
export const tableEndSchema = z.object({ rows: z.int(), sha256: z.string() });
export type TableEnd = z.infer<typeof tableEndSchema>;

export const endSchema = z.object({ end: z.literal(true) });

/** Ends the rows of a table. No row is this text: `copy` writes a backslash as two. */
export const END_OF_ROWS = '\\.';

export type RowCounts = Record<string, number>;
