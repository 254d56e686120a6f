import { get } from 'node:http';
import { parseArgs } from 'node:util';

/**
 * Opens event streams, as many pages would, and counts what they bring. Says "connected" when all are open,
 * and prints what it has seen when its input ends.
 */
const { values } = parseArgs({ options: { port: { type: 'string' }, streams: { type: 'string' } } });
const streams = Number(values.streams);

const seen = { events: 0, lateMs: [] as number[] };
let connected = 0;

for (let stream = 0; stream < streams; stream += 1) {
  const path = '/api/trpc/task.onEvent';
  get({ host: '127.0.0.1', port: Number(values.port), path, agent: false }, (response) => {
    response.setEncoding('latin1').on('data', (text: string) => {
      if (text.includes('event: connected')) {
        connected += 1;
        if (connected === streams) console.log('connected');
      }
      for (let at = text.indexOf('\nid: '); at >= 0; at = text.indexOf('\nid: ', at + 1)) seen.events += 1;
      const [, at] = stream === 0 ? (/"at":"([^"]+)"/.exec(text) ?? []) : [];
      if (at !== undefined) seen.lateMs.push(Date.now() - Date.parse(at));
    });
  });
}

process.stdin.resume().on('end', () => {
  console.log(JSON.stringify(seen));
  process.exit();
});
