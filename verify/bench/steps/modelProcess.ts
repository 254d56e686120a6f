import { type ChatTurn, startFakeChatModel } from '@everbeat/testkit';
import { z } from 'zod';

const bodySchema = z.object({ messages: z.array(z.object({ role: z.string() })) });

/**
 * A model in its own process, so that neither its time nor its memory is counted. It answers at once: so
 * often with a call of the tool, then with a report. It ends with its parent.
 */
const callsPerRun = Number(process.argv[2]);
const chat = await startFakeChatModel();
chat.default((body): ChatTurn => {
  const calls = bodySchema.parse(body).messages.filter(({ role }) => role === 'assistant').length;
  return calls < callsPerRun
    ? { toolCalls: [{ name: 'look', arguments: { at: calls }, id: `call_${calls}` }] }
    : { text: 'All quiet' };
});
process.once('disconnect', () => process.exit());
process.send?.(chat.baseUrl);
