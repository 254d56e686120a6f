import { z } from 'zod';
import { createLane, openLaneDatabase } from './lane';

/** The far end of a lane: plays the seeds it is told, on the database that the first message names. */
const order = z.union([
  z.object({ url: z.string() }),
  z.object({ seed: z.string(), mayShrink: z.boolean() }),
]);
let lane: ReturnType<typeof createLane> | undefined;

process.on('message', async (message: unknown) => {
  const told = order.parse(message);
  if ('url' in told) lane = createLane(openLaneDatabase(told.url));
  else process.send?.(await lane?.play(told.seed, told.mayShrink));
});
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();
// Ctrl-C reaches every process of a terminal: the one that started this one decides.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);
