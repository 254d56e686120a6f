import { AgentError } from '../../../shared/agentError';
import type { Document } from '../reading/readDocument';
import type { Answer } from '../reading/readPage';
import type { DocumentJob, DocumentResult } from './documentWorker';
import { inTime, JobEndedError, ThreadPool } from './threadPool';

const READ_MS_MAX = 15_000;

/** Apart from those for watched pages, because the libraries for articles are large. */
const threads = new ThreadPool<DocumentJob, DocumentResult>('documentWorker.ts');

/**
 * `readDocument`, within `READ_MS_MAX` and without blocking the process.
 * @throws AgentError as `readDocument` does, `watch_unreadable` when the page takes too long; the signal's
 * reason
 */
export async function readDocumentBounded(
  answer: Answer,
  url: string,
  signal: AbortSignal,
): Promise<Document> {
  try {
    if (!threads.isThere) {
      const { readDocument } = await import('../reading/readDocument');
      return await inTime(() => readDocument(answer, url), READ_MS_MAX);
    }
    const result = await threads.run({ answer, url }, signal, READ_MS_MAX);
    if ('document' in result) return result.document;
    throw new AgentError(result.error.code, result.error.message);
  } catch (error) {
    if (!(error instanceof JobEndedError)) throw error;
    throw new AgentError(
      'watch_unreadable',
      `Reading the page took more than ${READ_MS_MAX / 1_000} s or too much memory.`,
    );
  }
}
