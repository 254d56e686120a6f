import http from 'node:http';
import https from 'node:https';

export interface DestinationResponse {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

export interface SendRequest {
  url: string;
  method: string;
  headers: Record<string, string>;
  body: Buffer;
  timeoutMs: number;
  signal: AbortSignal;
}

/** Sends requests over persistent connections, as QStash does. */
export class Sender {
  private readonly agents = {
    http: new http.Agent({ keepAlive: true }),
    https: new https.Agent({ keepAlive: true }),
  };

  /** If the other side had already closed the reused connection, the request is sent again. */
  async send(request: SendRequest): Promise<DestinationResponse> {
    for (;;) {
      try {
        return await this.attempt(request);
      } catch (error) {
        if (!(error instanceof StaleConnectionError)) throw error;
      }
    }
  }

  close(): void {
    this.agents.http.destroy();
    this.agents.https.destroy();
  }

  private attempt({
    url,
    method,
    headers,
    body,
    timeoutMs,
    signal,
  }: SendRequest): Promise<DestinationResponse> {
    const isSecure = url.startsWith('https:');
    return new Promise((resolve, reject) => {
      const request = (isSecure ? https : http).request(
        url,
        {
          method,
          headers: { ...headers, 'content-length': String(body.length) },
          agent: isSecure ? this.agents.https : this.agents.http,
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      request.on('error', (error) => {
        const isStale = request.reusedSocket && 'code' in error && error.code === 'ECONNRESET';
        reject(isStale ? new StaleConnectionError() : error);
      });
      request.end(body);
    });
  }
}

class StaleConnectionError extends Error {}
