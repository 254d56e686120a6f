import { startEmbeddedPostgres } from '../src/index';
import { writeRows } from './writeRows';

/**
 * A process that uses the embedded database in the folder given as its first argument until SIGTERM. With
 * `writes` as its second argument it also stores rows, one after another. It reports events as lines of JSON
 * on standard output.
 */
function report(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

function logged(fields: object, message: string): void {
  const reason = 'reason' in fields ? `: ${fields.reason}` : '';
  report({ event: 'log', message: `${message}${reason}` });
}

const [dataDir, mode] = process.argv.slice(2);
if (!dataDir) throw new Error('usage: holderProcess <data folder> [writes]');
const logger = { debug: logged, info: logged, warn: logged, error: logged };

try {
  const server = await startEmbeddedPostgres({
    dataDir,
    logger,
    listen: mode === 'port' ? 'port' : 'socket',
  });
  const writer =
    mode === 'writes' ? writeRows(server.url, (row) => report({ event: 'stored', row })) : undefined;
  process.once('SIGTERM', async () => {
    await writer?.stop();
    await server.stop();
    report({ event: 'stopped' });
    process.exit(0);
  });
  report({ event: 'ready', url: server.url, adopted: server.adopted });
} catch (error) {
  report({ event: 'failed', message: error instanceof Error ? error.message : String(error) });
  process.exit(1);
}
