import { readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';

const { PORT = '4002', FOLDER = '.' } = process.env;
const REPORT_ATTEMPTS_MAX = 10;

/** The operations accepted so far. A server that restarts in between keeps them in a file or a database. */
const accepted = new Set();

const server = createServer(async (request, response) => {
  const run = await json(request).catch(() => null);
  if (run === null) {
    response.writeHead(400).end();
    return;
  }
  response.writeHead(202).end();
  const { operationId, callbackUrl } = run;
  if (accepted.has(operationId)) return;
  accepted.add(operationId);
  await reportTo(callbackUrl, await work());
});

/** Returns the same JSON that an agent which responds immediately would send. */
async function work() {
  try {
    const entries = await readdir(FOLDER, { recursive: true });
    return { title: 'Counted', content: `The folder has ${entries.length} files and folders.` };
  } catch (error) {
    return { status: 'error', errorCode: 'folder_unreadable', errorMessage: String(error) };
  }
}

async function reportTo(callbackUrl, report) {
  for (let attempt = 1; attempt <= REPORT_ATTEMPTS_MAX; attempt += 1) {
    const response = await fetch(callbackUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(report),
    }).catch(() => null);
    // `{"settled": false}` says that the run has ended in the meantime, for example because a person stopped
    // it.
    if (response?.ok) {
      console.log('Reported:', await response.text());
      return;
    }
    await delay(1_000 * 2 ** attempt);
  }
  console.error('The report could not be delivered');
}

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
