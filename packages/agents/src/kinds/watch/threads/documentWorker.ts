import { AgentError } from '../../../shared/agentError';
import { type Document, readDocument } from '../reading/readDocument';
import type { Answer } from '../reading/readPage';

export interface DocumentJob {
  answer: Answer;
  url: string;
}

/** Errors keep their code only as data. */
export type DocumentResult = { document: Document } | { error: Pick<AgentError, 'code' | 'message'> };

/** What the thread runs (`documentThreads.ts`). @public */
export default async function readInThread({ answer, url }: DocumentJob): Promise<DocumentResult> {
  try {
    return { document: await readDocument(answer, url) };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}
