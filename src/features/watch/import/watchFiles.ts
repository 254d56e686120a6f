import { type ImportedTask, type ImportPreview, importedSchema, importPreviewSchema } from '@everbeat/domain';
import { z } from 'zod';
import { messageOf } from '@/lib/trpc/errors';

/** The routes of files of watches (API.md, "Import and export of watches"). */

export const EXPORTS = [
  { href: '/api/watches/export?format=json', label: 'All watches (JSON)' },
  { href: '/api/watches/export?format=opml', label: 'Feeds (OPML)' },
  { href: '/api/watches/export?format=list', label: 'Addresses (text)' },
] as const;

/** How many watches one call creates; more are created by further calls. */
const AT_ONCE = 100;

/**
 * A message for the person: what the server says about a file that it refuses, or that its answer is none.
 */
class FileProblem extends Error {}

export const explainFile = (error: unknown): string =>
  error instanceof FileProblem ? error.message : messageOf(error);

const refusalSchema = z.object({ error: z.string() });

async function post<Answer>(path: string, file: Blob, schema: z.ZodType<Answer>): Promise<Answer> {
  return readAnswer(await fetch(path, { method: 'POST', body: file }), schema);
}

/** @throws FileProblem when the server refuses the file, or answers what this page does not know */
export async function readAnswer<Answer>(response: Response, schema: z.ZodType<Answer>): Promise<Answer> {
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) {
    const parsed = schema.safeParse(answer);
    if (parsed.success) return parsed.data;
    // The server may have been updated since the page was loaded.
    throw new FileProblem(
      'This page does not understand what the server answered. Reload it, and try again.',
    );
  }
  const refusal = refusalSchema.safeParse(answer);
  throw new FileProblem(
    refusal.success ? refusal.data.error : `The server answered with ${response.status}. Try again.`,
  );
}

export const previewFile = (file: Blob): Promise<ImportPreview> =>
  post('/api/watches/preview', file, importPreviewSchema);

export interface ImportRequest {
  file: Blob;
  rows: readonly number[];
  everySeconds: number;
  /** Called with the tasks that were created so far. */
  onProgress: (tasks: readonly ImportedTask[]) => void;
}

/** Creates the watches part by part; each part is created whole or not at all. */
export async function importFile({ file, rows, everySeconds, onProgress }: ImportRequest): Promise<void> {
  const tasks: ImportedTask[] = [];
  for (let start = 0; start < rows.length; start += AT_ONCE) {
    const query = new URLSearchParams({
      rows: rows.slice(start, start + AT_ONCE).join(','),
      everySeconds: String(everySeconds),
      after: String(start),
    });
    const part = await post(`/api/watches/import?${query}`, file, importedSchema);
    tasks.push(...part.tasks);
    onProgress([...tasks]);
  }
}
