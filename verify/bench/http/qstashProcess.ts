import { startFakeQStash } from '@everbeat/testkit';

/** A fake QStash server in its own process; replies to each message of its parent with a report. */
const qstash = await startFakeQStash({ port: Number(process.argv[2]) });
process.on('message', () => {
  const deliveries = qstash.deliveries();
  process.send?.({
    published: qstash.published().length,
    delivered: deliveries.length,
    failed: deliveries.filter(({ status }) => status !== 200).length,
    due: qstash.published().map(({ body, dueAt }) => [body.toString('utf8'), dueAt.getTime()]),
  });
});
process.once('disconnect', () => process.exit());
process.send?.('ready');
