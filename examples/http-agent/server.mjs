import { statfs } from 'node:fs/promises';
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';

const { PORT = '4001', AGENT_TOKEN, FOLDER = '.', WARN_BELOW_PERCENT = '10' } = process.env;

const server = createServer(async (request, response) => {
  if (AGENT_TOKEN && request.headers.authorization !== `Bearer ${AGENT_TOKEN}`) {
    response.writeHead(401).end();
    return;
  }
  try {
    const { taskIdentifier, prompt } = await json(request);
    console.log(`${taskIdentifier}: ${prompt.length} characters of prompt`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(await report()));
  } catch (error) {
    // The run fails, and three such failures in a row pause the task until a person looks at it. With
    // `failureClass: 'transient'` it would be tried again instead, until it works.
    const failure = { status: 'error', errorCode: 'disk_unreadable', errorMessage: String(error) };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(failure));
  }
});

async function report() {
  const { blocks, bavail, bsize } = await statfs(FOLDER);
  const gigabytes = Math.round((bavail * bsize) / 1e9);
  const percent = Math.round((100 * bavail) / blocks);
  const content = `${gigabytes} GB (${percent} %) of the disk are free.`;
  if (percent >= Number(WARN_BELOW_PERCENT)) return { title: `${percent} % free`, content };
  const brief = { type: 'insight', priority: 'normal', title: 'The disk is almost full', summary: content };
  return { title: `${percent} % free`, content, briefs: [brief] };
}

server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`Listening on http://127.0.0.1:${server.address().port}`);
});
