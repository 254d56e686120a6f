import { parseArgs } from 'node:util';
import { QSTASH_DEVELOPMENT } from './constants';
import { startQStashStandIn } from './standIn';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: String(QSTASH_DEVELOPMENT.port) },
    host: { type: 'string', default: '127.0.0.1' },
    'retry-scale': { type: 'string', default: '1' },
  },
});

const standIn = await startQStashStandIn({
  port: Number(values.port),
  host: values.host,
  retryScale: Number(values['retry-scale']),
});

console.log(`QSTASH_URL=${standIn.url}
QSTASH_TOKEN=${standIn.token}
QSTASH_CURRENT_SIGNING_KEY=${standIn.currentSigningKey}
QSTASH_NEXT_SIGNING_KEY=${standIn.nextSigningKey}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void standIn.close());
}
