import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { jsonSchema, stepCountIs, streamText, tool } from 'ai';
import { SEEN, type StepTimes } from './stepTimes';

/** The same run by the library's own loop: nothing of it is stored. */
export async function runBare(baseURL: string, run: string, calls: number, times: StepTimes): Promise<void> {
  const look = tool({
    description: 'Look at the harbour',
    inputSchema: jsonSchema<unknown>({ type: 'object' }),
    execute: () => {
      times.called(run);
      return SEEN;
    },
  });
  const stream = streamText({
    model: createOpenAICompatible({ baseURL, name: 'bench', includeUsage: true })('bench'),
    messages: [{ role: 'user', content: 'Watch the harbour and say what came in' }],
    tools: { look },
    stopWhen: stepCountIs(calls + 1),
  });
  await stream.consumeStream();
  if ((await stream.steps).length !== calls + 1) throw new Error('The bare run ended too early');
}
