import type { PageOutline } from '../../../pagePreview';
import { AgentError } from '../../../shared/agentError';
import { outlineOf } from '../preview/outline';
import { type Answer, type Part, type Reading, readPage } from './readPage';

/** Runs in a thread of its own (`readPageBounded.ts`). Errors keep their code only as data. */
export interface PageJob {
  answer: Answer;
  part: Part;
  /** Looks for what may be watched of the page too, and tries a selector out. */
  outline: { selector: string | null } | null;
}

export type PageResult =
  | { reading: Reading; outline: PageOutline | null }
  | { error: Pick<AgentError, 'code' | 'message'> };

/** What the thread runs. @public */
export default async function readInThread({ answer, part, outline }: PageJob): Promise<PageResult> {
  try {
    const reading = await readPage(answer, part);
    return {
      reading,
      outline: outline === null ? null : outlineOf(answer, reading, { ...part, ...outline }),
    };
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}
