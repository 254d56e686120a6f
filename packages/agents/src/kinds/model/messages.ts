import { LIMITS } from '@everbeat/domain';
import type { ModelMessage, ToolModelMessage } from 'ai';
import { z } from 'zod';
import type { RunStep } from '../../port';
import { outputOf } from '../../steps/toolSteps';
import { answerIn, callsIn } from './answer';
import { LAST_STEP } from './system';

const firstInputSchema = z.object({ prompt: z.string() });
export type FirstInput = z.output<typeof firstInputSchema>;

/**
 * The conversation of a run, from its steps. What never changes comes first, and what is added stands at the end, so
 * that a provider which keeps what it has read before finds it again.
 */
export function messagesOf(steps: readonly RunStep[], { isLast }: { isLast: boolean }): ModelMessage[] {
  const prompt = firstInputSchema.safeParse(steps[0]?.input).data?.prompt ?? '';
  const messages: ModelMessage[] = [{ role: 'user', content: prompt }];
  const shortened = shortenedSteps(steps);
  for (const step of steps) {
    if (step.kind !== 'model' || step.status !== 'done') continue;
    const answer = answerIn(step.result);
    if (answer.content.length > 0) messages.push({ role: 'assistant', content: answer.content });
    const results: ToolModelMessage['content'] = [];
    for (const [place, { id, name }] of callsIn(answer).entries()) {
      const call = steps[step.index + 1 + place];
      if (call === undefined) continue;
      const value = shortened.has(call.index) ? SHORTENED : outputOf(call);
      const type = call.status === 'done' ? 'text' : 'error-text';
      results.push({ type: 'tool-result', toolCallId: id, toolName: name, output: { type, value } });
    }
    if (results.length > 0) messages.push({ role: 'tool', content: results });
  }
  // A model that knows that this is its last step reports what it has, instead of going on.
  if (isLast && messages.length > 1) messages.push({ role: 'user', content: LAST_STEP });
  return messages;
}

const SHORTENED =
  '[This result was left out, because the conversation has grown long. Call the tool again if you need it.]';

/**
 * The calls whose results are left out. Once the results together are longer than the limit, the older half goes at
 * once rather than one with each step, because every change there makes the provider read the conversation anew.
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
