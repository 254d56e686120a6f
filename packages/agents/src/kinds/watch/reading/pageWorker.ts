import { AgentError } from '../../../shared/agentError';
import { type Answer, type Part, type Reading, readPage } from './readPage';

/** Runs in a thread of its own (`readPageBounded.ts`). Errors keep their code only as data. */
export interface PageJob {
  answer: Answer;
  part: Part;
}

export type PageResult = { reading: Reading } | { error: Pick<AgentError, 'code' | 'message'> };

/** What the thread runs. @public */
export default async function readInThread({ answer, part }: PageJob): Promise<PageResult> {
  try {
    return { reading: await readPage(answer, part) };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}
