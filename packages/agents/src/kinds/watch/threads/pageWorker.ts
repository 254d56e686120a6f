import type { PageOutline } from '../../../pagePreview';
import type { AgentReport } from '../../../port';
import { AgentError } from '../../../shared/agentError';
import { type FirstLook, firstLook, type LaterLook, laterLook } from '../looks';
import { outlineOf } from '../preview/outline';
import { type Answer, type Part, type Reading, readPage } from '../reading/readPage';

/** What runs in a thread of its own (`pageThreads.ts`). */
export type PageJob = ReadJob | { kind: 'first'; look: FirstLook } | { kind: 'later'; look: LaterLook };

interface ReadJob {
  kind: 'read';
  answer: Answer;
  part: Part;
  /** Looks for what may be watched of the page too, and tries a selector out. */
  outline?: { selector: string | null };
}

export type PageResult = { reading: Reading; outline: PageOutline | null } | { report: AgentReport };

/** Errors keep their code only as data. */
export type ThreadResult = PageResult | { error: Pick<AgentError, 'code' | 'message'> };

export async function doPageJob(job: PageJob): Promise<PageResult> {
  if (job.kind === 'read') return await read(job);
  return { report: job.kind === 'first' ? firstLook(job.look) : laterLook(job.look) };
}

async function read({ answer, part, outline }: ReadJob): Promise<PageResult> {
  const reading = await readPage(answer, part);
  return {
    reading,
    outline: outline === undefined ? null : outlineOf(answer, reading, { ...part, ...outline }),
  };
}

/** What the thread runs. @public */
export default async function workInThread(job: PageJob): Promise<ThreadResult> {
  try {
    return await doPageJob(job);
  } catch (error) {
    if (!(error instanceof AgentError)) throw error;
    return { error: { code: error.code, message: error.message } };
  }
}
