import { parseArgs } from 'node:util';
import { QSTASH_DEVELOPMENT } from './constants';
import { startFakeQStash } from './fakeQStash';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: String(QSTASH_DEVELOPMENT.port) },
    host: { type: 'string', default: '127.0.0.1' },
    'retry-scale': { type: 'string', default: '1' },
  },
});

const qstash = await startFakeQStash({
  port: Number(values.port),
  host: values.host,
  retryScale: Number(values['retry-scale']),
});

console.log(`QSTASH_URL=${qstash.url}
QSTASH_TOKEN=${qstash.token}
QSTASH_CURRENT_SIGNING_KEY=${qstash.currentSigningKey}
QSTASH_NEXT_SIGNING_KEY=${qstash.nextSigningKey}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void qstash.close());
}
