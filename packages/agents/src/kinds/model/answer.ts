import { LIMITS, storableJson, storableText } from '@everbeat/domain';
import { type AssistantModelMessage, assistantModelMessageSchema, type FinishReason } from 'ai';
import { z } from 'zod';
import type { RunStep } from '../../port';
import type { RequestedCall } from '../../steps/stepLoop';
import { withoutReasoning } from './reasoning';

type Part = Exclude<AssistantModelMessage['content'], string>[number];

/** What is stored of one answer of the model, so that the conversation can go on from it. */
export interface ModelAnswer {
  /** As the library wants it back: texts, reasoning with its signatures, calls of tools. */
  content: Part[];
  finishReason: FinishReason;
  /** Why calls of tools cannot be made, by their ids. */
  problems: Record<string, string>;
}

const FINISH_REASONS = [
  'stop',
  'length',
  'content-filter',
  'tool-calls',
  'error',
  'other',
] as const satisfies readonly FinishReason[];

const answerSchema = z.object({
  content: z.unknown(),
  finishReason: z.enum(FINISH_REASONS).catch('other'),
  problems: z.record(z.string(), z.string()).catch({}),
});

const EMPTY: ModelAnswer = { content: [], finishReason: 'other', problems: {} };

/** The stored answer of a call of the model. One that cannot be read counts as empty. */
export function answerIn(result: unknown): ModelAnswer {
  const answer = answerSchema.safeParse(result);
  if (!answer.success) return EMPTY;
  const message = assistantModelMessageSchema.safeParse({ role: 'assistant', content: answer.data.content });
  const content = message.data?.content ?? [];
  return {
    ...answer.data,
    content: typeof content === 'string' ? [{ type: 'text', text: content }] : content,
  };
}

/**
 * An answer as it may be stored: without what is neither text, reasoning nor a call of a tool, and with no
 * more calls than the limit.
 */
export function storableAnswer({ content, ...rest }: ModelAnswer): unknown {
  let calls = 0;
  const kept = content.filter(({ type }) => {
    if (type === 'tool-call') calls += 1;
    return (
      type === 'text' ||
      type === 'reasoning' ||
      (type === 'tool-call' && calls <= LIMITS.toolCallsPerAnswerMax)
    );
  });
  return storableJson({ content: kept, ...rest }, LIMITS.contentCharsMax);
}

export function callsIn({ content, problems }: ModelAnswer): (RequestedCall & { id: string })[] {
  return content.flatMap((part) =>
    part.type === 'tool-call'
      ? [
          {
            id: part.toolCallId,
            name: part.toolName,
            input: part.input,
            problem: problems[part.toolCallId] ?? null,
          },
        ]
      : [],
  );
}

/** The text of an answer, without its reasoning. */
export function textIn({ content }: ModelAnswer): string {
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  const said = withoutReasoning(text);
  return said.trim() === '' ? '' : storableText(said, LIMITS.contentCharsMax);
}

/** The answers among the steps of a run, in order. */
export const answersOf = (steps: readonly RunStep[]): ModelAnswer[] =>
  steps
    .filter(({ kind, status }) => kind === 'model' && status === 'done')
    .map(({ result }) => answerIn(result));
