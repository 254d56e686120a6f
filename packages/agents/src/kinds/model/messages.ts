import { LIMITS } from '@everbeat/domain';
import type { ModelMessage, ToolModelMessage } from 'ai';
import { z } from 'zod';
import type { RunStep } from '../../port';
import { fenced } from '../../shared/markdown';
import { outputOf } from '../../steps/toolSteps';
import { answerIn, callsIn, type ModelAnswer, textIn } from './answer';
import { LAST_STEP } from './system';

const firstInputSchema = z.object({ prompt: z.string() });
export type FirstInput = z.output<typeof firstInputSchema>;

/**
 * The conversation of a run, from its steps. What never changes comes first, and what is added stands at the
 * end, so that a provider which keeps what it has read before finds it again. A model without tools
 * (`hasTools` is false) is shown the calls so far as text, because many refuse a conversation that has any.
 */
export function messagesOf(
  steps: readonly RunStep[],
  { isLast, hasTools = true }: { isLast: boolean; hasTools?: boolean },
): ModelMessage[] {
  const prompt = firstInputSchema.safeParse(steps[0]?.input).data?.prompt ?? '';
  const messages: ModelMessage[] = [{ role: 'user', content: prompt }];
  const shortened = shortenedSteps(steps);
  for (const step of steps) {
    if (step.kind !== 'model' || step.status !== 'done') continue;
    const answer = answerIn(step.result);
    const calls = callsIn(answer).flatMap(({ id }, place): MadeCall[] => {
      const call = steps[step.index + 1 + place];
      if (call === undefined) return [];
      return [{ id, call, output: shortened.has(call.index) ? SHORTENED : outputOf(call) }];
    });
    messages.push(...(hasTools ? withCalls : asText)(answer, calls));
  }
  // A model that knows that this is its last step reports what it has, instead of going on.
  if ((isLast || !hasTools) && messages.length > 1) messages.push({ role: 'user', content: LAST_STEP });
  return messages;
}

/** A call of a tool in an answer, and what the model is shown of its result. */
interface MadeCall {
  id: string;
  call: RunStep;
  output: string;
}

function withCalls({ content }: ModelAnswer, calls: readonly MadeCall[]): ModelMessage[] {
  const results = calls.map(
    ({ id, call: { name, status }, output }): ToolModelMessage['content'][number] => ({
      type: 'tool-result',
      toolCallId: id,
      toolName: name,
      output: { type: status === 'done' ? 'text' : 'error-text', value: output },
    }),
  );
  return [
    ...(content.length > 0 ? [{ role: 'assistant' as const, content }] : []),
    ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : []),
  ];
}

/** Results of tools were written by others, so they stand in fences. */
function asText(answer: ModelAnswer, calls: readonly MadeCall[]): ModelMessage[] {
  const made = calls.map(({ call: { name, input } }) => `I called ${name}(${JSON.stringify(input) ?? ''}).`);
  const said = [textIn(answer), ...made].filter((line) => line !== '').join('\n\n');
  const results = calls.map(({ call: { name }, output }) => fenced(output, `result of ${name}`)).join('\n\n');
  return [
    ...(said === '' ? [] : [{ role: 'assistant' as const, content: said }]),
    ...(results === '' ? [] : [{ role: 'user' as const, content: results }]),
  ];
}

const SHORTENED =
  '[This result was left out, because the conversation has grown long. Call the tool again if you need it.]';

/**
 * The calls whose results are left out. Once the results together are longer than the limit, the older half
 * goes at once rather than one with each step, because every change there makes the provider read the
 * conversation anew.
 */
function shortenedSteps(steps: readonly RunStep[]): ReadonlySet<number> {
  const left = new Set<number>();
  const kept: { index: number; chars: number }[] = [];
  let chars = 0;
  for (const step of steps) {
    if (step.kind !== 'tool') continue;
    const size = outputOf(step).length;
    kept.push({ index: step.index, chars: size });
    chars += size;
    if (chars <= LIMITS.conversationResultCharsMax) continue;
    while (chars > LIMITS.conversationResultCharsMax / 2 && kept.length > 1) {
      const oldest = kept.shift();
      if (oldest === undefined) break;
      left.add(oldest.index);
      chars -= oldest.chars;
    }
  }
  return left;
}
