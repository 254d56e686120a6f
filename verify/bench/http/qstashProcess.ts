import { startQStashStandIn } from '@everbeat/testkit';

/** QStash's stand-in in a process of its own; answers each message of its parent with what it has seen. */
const standIn = await startQStashStandIn({ port: Number(process.argv[2]) });
process.on('message', () => {
  const deliveries = standIn.deliveries();
  process.send?.({
    published: standIn.published().length,
    delivered: deliveries.length,
    failed: deliveries.filter(({ status }) => status !== 200).length,
    due: standIn.published().map(({ body, dueAt }) => [body.toString('utf8'), dueAt.getTime()]),
  });
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
