import { z } from 'zod';

/**
 * What the routes of files of watches answer (API.md, "Import and export of watches"). The page checks it.
 */

/** What a file of watches may be, and the order in which it is looked for. */
const WATCH_FILE_FORMATS = ['everbeat', 'changedetection', 'urlwatch', 'opml', 'list'] as const;
export type WatchFileFormat = (typeof WATCH_FILE_FORMATS)[number];

/** One watch of a file, as a person sees it before it is imported. */
const importRowSchema = z.object({
  /** Its place in the file, from 0. */
  row: z.int().min(0),
  name: z.string().nullable(),
  url: z.string(),
  intervalSeconds: z.number().nullable(),
  schedule: z.object({ pattern: z.string(), timezone: z.string() }).nullable(),
  isPaused: z.boolean(),
  /** What is carried over beside the address, without values of headers and cookies. */
  carried: z.array(z.string()),
  leftOut: z.array(z.string()),
  /** Why it cannot be imported. Null: it can. */
  problem: z.string().nullable(),
  /** What watches the same part of the same page already: a task, or an earlier row. */
  duplicate: z
    .union([z.object({ identifier: z.string(), name: z.string() }), z.object({ row: z.int().min(0) })])
    .nullable(),
});
export type ImportRow = z.infer<typeof importRowSchema>;

export const importPreviewSchema = z.object({
  format: z.enum(WATCH_FILE_FORMATS),
  rows: z.array(importRowSchema),
});
export type ImportPreview = z.infer<typeof importPreviewSchema>;

const importedTaskSchema = z.object({
  id: z.uuid(),
  identifier: z.string(),
  name: z.string(),
  row: z.int().min(0),
});
export type ImportedTask = z.infer<typeof importedTaskSchema>;

export const importedSchema = z.object({ tasks: z.array(importedTaskSchema) });
export type Imported = z.infer<typeof importedSchema>;
