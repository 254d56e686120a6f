import { startServerProcess } from '@/server/runtime/serverProcess';

/**
 * The runtime of the server in a process of its own, with the settings of its environment and the product's
 * own handling of signals, but without its web server.
 */
await startServerProcess();
process.stdout.write('started\n');
// Timers of the product do not keep a process alive; its web server does.
setInterval(() => undefined, 1_000);
