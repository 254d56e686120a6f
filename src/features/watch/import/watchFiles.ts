import { z } from 'zod';
import { messageOf } from '@/lib/trpc/errors';
import type { ImportedTask, ImportPreview } from '@/server/services/watches/WatchTransferService';

/** The routes of files of watches (API.md, "Import and export of watches"). */

export const EXPORTS = [
  { href: '/api/watches/export?format=json', label: 'All watches (JSON)' },
  { href: '/api/watches/export?format=opml', label: 'Feeds (OPML)' },
  { href: '/api/watches/export?format=list', label: 'Addresses (text)' },
] as const;

/** How many watches one call creates; more are created by further calls. */
const AT_ONCE = 100;

/** What the server says about a file that it refuses. */
class FileRefused extends Error {}

export const explainFile = (error: unknown): string =>
  error instanceof FileRefused ? error.message : messageOf(error);

const refusalSchema = z.object({ error: z.string() });

async function post<Answer>(path: string, file: Blob): Promise<Answer> {
  const response = await fetch(path, { method: 'POST', body: file });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return z.custom<Answer>().parse(answer);
  const refusal = refusalSchema.safeParse(answer);
  throw new FileRefused(
    refusal.success ? refusal.data.error : `The server answered with ${response.status}. Try again.`,
  );
}

export const previewFile = (file: Blob): Promise<ImportPreview> => post('/api/watches/preview', file);

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
    const part = await post<{ tasks: ImportedTask[] }>(`/api/watches/import?${query}`, file);
    tasks.push(...part.tasks);
    onProgress([...tasks]);
  }
}
