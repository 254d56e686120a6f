import { createServer } from 'node:http';
import { createSignatureVerifier } from '../src/qstash/verifySignature';

const succeeded = (): number => 200;
const failed = (): number => 503;

/** A server that accepts signed messages only, each verified against the server's own address. */
export async function startSignedReceiver(
  keys: { currentSigningKey: string; nextSigningKey: string },
  receive: (body: string, path: string) => Promise<void>,
): Promise<{ url: string; close(): Promise<void> }> {
  const verifier = createSignatureVerifier(keys);
  let url = '';
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', async () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const header = request.headers['upstash-signature'];
      const signature = typeof header === 'string' ? header : undefined;
      const path = request.url ?? '';
      const verdict = await verifier.verify({ signature, body, url: `${url}${path}` });
      const status = verdict.ok ? await receive(body, path).then(succeeded, failed) : 401;
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver listens on no port');
  url = `http://127.0.0.1:${address.port}`;
  return {
    url,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
