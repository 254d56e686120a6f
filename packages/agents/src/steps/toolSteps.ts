import {
  type ApprovalAnswer,
  type DocumentVersion,
  errorMessage,
  LIMITS,
  storableText,
} from '@everbeat/domain';
import { z } from 'zod';
import type { RunStep } from '../port';
import { untilAborted } from '../shared/guardRun';
import { type AgentTool, type ToolCall, ToolError, UnansweredCallError } from '../tools/port';
import { declined } from './approval';

/** What is stored as the result of a call of a tool, whatever became of it. */
const toolResultSchema = z.object({ output: z.string() });

/** What the model reads of a call of a tool. */
export const outputOf = (step: RunStep): string => toolResultSchema.safeParse(step.result).data?.output ?? '';

const LOOK_FIRST = 'so it may have happened. Look whether it has before you call it again.';
const UNKNOWN = `The outcome of this call is unknown: the server that made it was stopped before it had an answer, ${LOOK_FIRST}`;
const DENIED = 'The person does not let you call this tool.';

type Ended = Pick<RunStep, 'status' | 'result'>;

const ended = (status: RunStep['status'], output: string): Ended => ({
  status,
  result: { output: storableText(output, LIMITS.toolResultCharsMax) },
});

export const UNKNOWN_OUTCOME = ended('unknown', UNKNOWN);
export const DENIED_CALL = ended('declined', DENIED);
export const declinedCall = (answer: ApprovalAnswer): Ended => ended('declined', declined(answer));
export const CROWDED_DOCUMENT = ended(
  'failed',
  'Others saved this document again and again meanwhile, so your text was not stored. Read it, and write it again later.',
);
export const doneCall = (output: string): Ended => ended('done', output);
export const failedCall = (problem: string): Ended => ended('failed', problem);

/**
 * Makes a call of a tool, which has its time and no more, also if it heeds no signal. Whatever it throws is
 * told to the model, and no more of an error that is not meant for it than its name. A call that was sent and
 * not answered is unknown if it may have changed something.
 * @param msMax the time that it has
 * @throws the signal's reason once that is aborted: then the outcome is unknown
 */
export async function callTool(
  tool: AgentTool,
  input: unknown,
  call: ToolCall,
  msMax = LIMITS.toolCallSecondsMax * 1_000,
): Promise<{ end: Ended; document?: DocumentVersion }> {
  call.signal.throwIfAborted();
  const time = new AbortController();
  const cancel = () => time.abort(call.signal.reason);
  call.signal.addEventListener('abort', cancel, { once: true });
  const timer = setTimeout(() => time.abort(new UnansweredCallError(tooLong(msMax))), msMax);
  try {
    const execution = (async () => tool.execute(input, { ...call, signal: time.signal }))();
    const answer = await untilAborted(execution, time.signal);
    call.signal.throwIfAborted();
    return typeof answer === 'string'
      ? { end: ended('done', answer) }
      : { end: ended('done', answer.output), document: answer.document };
  } catch (error) {
    call.signal.throwIfAborted();
    return { end: endedBy(time.signal.aborted ? time.signal.reason : error, tool) };
  } finally {
    clearTimeout(timer);
    call.signal.removeEventListener('abort', cancel);
  }
}

const tooLong = (msMax: number): string =>
  `The call was not answered within ${msMax / 1_000} s, and was given up.`;

function endedBy(error: unknown, { readOnly, idempotent }: AgentTool): Ended {
  const name = error instanceof Error ? error.name : typeof error;
  const told = error instanceof ToolError ? errorMessage(error) : `The tool failed (${name}).`;
  return error instanceof UnansweredCallError && !readOnly && !idempotent
    ? ended('unknown', `The outcome of this call is unknown. ${told} It was sent, ${LOOK_FIRST}`)
    : failedCall(told);
}
