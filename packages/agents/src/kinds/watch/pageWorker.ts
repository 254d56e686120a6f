import { AgentError } from '../../shared/agentError';
import type { DecodedPage } from './charset';
import { type PageText, type Part, readPage } from './readPage';

/** Runs in a thread of its own (`readPageBounded.ts`). Errors keep their code only as data. */
export interface PageJob {
  page: DecodedPage;
  part: Part;
}

export type PageResult = { text: PageText } | { error: Pick<AgentError, 'code' | 'message'> };

/** What the thread runs. @public */
export default function readInThread({ page, part }: PageJob): PageResult {
  try {
    return { text: readPage(page, part) };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}
