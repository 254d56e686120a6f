import { listenOnLoopback } from '../loopback';
import { Arrivals } from './arrivals';
import { Gate } from './gate';

export interface ServedPage {
  /** 200 by default. */
  status?: number;
  /** `content-type: text/html; charset=utf-8` by default. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

export interface PageVisit {
  path: string;
  headers: Record<string, string | string[] | undefined>;
  /** Resolves when either side has closed the response. */
  closed: Promise<void>;
}

/**
 * A web server whose pages a test sets. A page with an `etag` header responds with 304 to conditional
 * requests.
 */
export interface PageServer {
  url: string;
  /** Sets the page at `path`, default `/`. A function makes one for each visit. */
  serve(page: ServedPage | string | (() => ServedPage), path?: string): void;
  /** From now on visits arrive, but get no response until `release`. */
  hold(): void;
  release(): void;
  readonly visits: readonly PageVisit[];
  /** Resolves with the `count`-th visit (1-based) once it has arrived. */
  visited(count: number): Promise<PageVisit>;
  close(): Promise<void>;
}

export async function startPageServer(): Promise<PageServer> {
  const visits = new Arrivals<PageVisit>();
  const gate = new Gate();
  const pages = new Map<string, () => ServedPage>();
  const server = await listenOnLoopback(async (request, response) => {
    const path = request.url ?? '/';
    const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
    visits.record({ path, headers: request.headers, closed });
    await gate.pass();
    const page = pages.get(path)?.();
    const headers = { 'content-type': 'text/html; charset=utf-8', ...page?.headers };
    const etag = page?.headers?.etag;
    if (etag !== undefined && request.headers['if-none-match'] === etag) {
      response.writeHead(304, { etag }).end();
      return;
    }
    response.writeHead(page === undefined ? 404 : (page.status ?? 200), headers).end(page?.body);
  });
  return {
    url: server.url,
    serve(page, path = '/') {
      const served = typeof page === 'string' ? { body: page } : page;
      pages.set(path, typeof served === 'function' ? served : () => served);
    },
    hold: () => gate.hold(),
    release: () => gate.release(),
    visits: visits.all,
    visited: (count) => visits.nth(count),
    close: () => server.close(),
  };
}
