import { AppError, describeIssues, type Imported, LIMITS } from '@everbeat/domain';
import { getHTTPStatusCodeFromError } from '@trpc/server/http';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { appCodeOf, toTrpcError } from '../api/errors';
import type { Container } from '../container/container';
import { LOCAL_USER_ID } from '../services/system/localUser';
import { EXPORT_FORMATS, type ExportFormat } from '../services/watches/exportWatches';
import { bodyLimit } from './bodyLimit';

/** Where files of watches are taken and given (API.md, "Import and export of watches"). */
export const WATCH_FILES_PATH = '/api/watches';

const EVERY_SECONDS_DEFAULT = 3_600;

const rowsSchema = z
  .string()
  .regex(/^\d{1,6}(,\d{1,6})*$/, 'rows is a list of numbers with commas')
  .transform((text) => text.split(',').map(Number));
const choiceSchema = z.object({
  rows: rowsSchema,
  everySeconds: z.coerce.number().int().min(1).max(LIMITS.heartbeatSecondsMax).default(EVERY_SECONDS_DEFAULT),
  after: z.coerce.number().int().min(0).max(LIMITS.importFileWatchesMax).default(0),
});
const exportSchema = z.object({ format: z.enum(EXPORT_FORMATS).default('json') });

const FILES: Readonly<Record<ExportFormat, { name: string; type: string }>> = {
  json: { name: 'everbeat-watches.json', type: 'application/json; charset=utf-8' },
  opml: { name: 'everbeat-feeds.opml', type: 'text/x-opml; charset=utf-8' },
  list: { name: 'everbeat-addresses.txt', type: 'text/plain; charset=utf-8' },
};

/**
 * The routes of files. They are no procedures because a file is larger than the body of a call may be, and is
 * neither JSON nor kept in memory whole when it is exported.
 */
export function watchFiles(container: () => Promise<Container>): Hono {
  const app = new Hono();
  app.onError(async (thrown, c) => {
    const { logger, ids } = await container();
    const error = toTrpcError(thrown, { logger, requestId: ids.token(), path: c.req.path });
    const status = getHTTPStatusCodeFromError(error);
    return Response.json({ error: error.message, appCode: appCodeOf(error) }, { status });
  });

  const limit = bodyLimit(LIMITS.importBytesMax);
  app.post('/preview', limit, async (c) => {
    const { transfer } = await container();
    return c.json(await transfer.preview(LOCAL_USER_ID, await bytesOf(c.req.raw)));
  });
  app.post('/import', limit, async (c) => {
    const { transfer } = await container();
    const choice = queryOf(choiceSchema, c);
    const tasks = await transfer.import(LOCAL_USER_ID, await bytesOf(c.req.raw), choice);
    return c.json({ tasks } satisfies Imported);
  });
  app.get('/export', async (c) => {
    const { transfer } = await container();
    const { format } = queryOf(exportSchema, c);
    const { name, type } = FILES[format];
    const parts = transfer.export(LOCAL_USER_ID, format);
    // What fails at once is told like any other failure.
    const first = await parts.next();
    return new Response(streamOf(first, parts), {
      headers: {
        'content-type': type,
        'content-disposition': `attachment; filename="${name}"`,
        'cache-control': 'no-store',
      },
    });
  });
  return app;
}

/** @throws AppError `invalid-input` */
function queryOf<T>(schema: z.ZodType<T>, c: Context): T {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  throw new AppError('invalid-input', describeIssues(parsed.error));
}

const bytesOf = async (request: Request): Promise<Uint8Array> => new Uint8Array(await request.arrayBuffer());

/** The next part is made when the reader has taken the one before. */
function streamOf(
  first: IteratorResult<string, void>,
  parts: AsyncGenerator<string, void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next: IteratorResult<string, void> | null = first;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = next ?? (await parts.next());
      next = null;
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    async cancel() {
      await parts.return();
    },
  });
}
