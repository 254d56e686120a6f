import { z } from 'zod';
import { createSeedWorker, openWorkerDatabase } from './seedWorker';

/** The child process of a worker: the first message names its database, each further one a seed to run. */
const messageSchema = z.union([
  z.object({ url: z.string() }),
  z.object({ seed: z.string(), mayShrink: z.boolean() }),
]);
let worker: ReturnType<typeof createSeedWorker> | undefined;

process.on('message', async (received: unknown) => {
  const message = messageSchema.parse(received);
  if ('url' in message) worker = createSeedWorker(openWorkerDatabase(message.url));
  else process.send?.(await worker?.run(message.seed, message.mayShrink));
});
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();
// Ctrl-C in a terminal signals this process too, but its parent decides when it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
