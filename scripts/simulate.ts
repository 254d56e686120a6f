import { mkdtemp, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase, startEmbeddedPostgres } from '@everbeat/database';
import { connect } from '../src/tests/simulation/hosts';
import { simulate } from '../src/tests/simulation/simulation';

const dataDir = await mkdtemp(path.join(tmpdir(), 'everbeat-simulation-'));
await chmod(dataDir, 0o755);
const say = (f: object, m: string) => console.log(m, f);
const server = await startEmbeddedPostgres({ dataDir, durable: false, logger: { debug: () => undefined, info: () => undefined, warn: say, error: say } });
await migrateDatabase(server.url, path.resolve('drizzle'));
const db = connect(server.url);
const from = Number(process.argv[2] ?? 1), n = Number(process.argv[3] ?? 1);
const t0 = Date.now();
for (let s = from; s < from + n; s++) {
  const t = Date.now();
  const r = await simulate(db, String(s));
  console.log(s, r.steps.length, r.history.length, r.hash, Date.now() - t, 'ms', r.failedAt, r.breaches.slice(0, 3));
  if (process.argv[4]) console.log(r.history.join('\n'));
  if (process.argv[5]) { const r2 = await simulate(db, String(s)); console.log(r2.hash === r.hash); if (r2.hash !== r.hash) { const i = r.history.findIndex((l, j) => l !== r2.history[j]); console.log(r.history.slice(i - 3, i + 3), r2.history.slice(i - 3, i + 3)); } }
}
console.log((Date.now() - t0) / n, 'ms per seed');
await db.close(); await server.stop(); await rm(dataDir, { recursive: true });
