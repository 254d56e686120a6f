import type { Runtime } from './runtime';

/** Answers a webhook by the runtime. One that has not come up, as when its database is away, is no end: QStash tries again. */
export async function answerWebhook(
  request: Request,
  started: Promise<Runtime> | undefined,
): Promise<Response> {
  const runtime = await started?.catch(() => undefined);
  return (
    runtime?.container.workflows.fetch(request) ?? Response.json({ error: 'unavailable' }, { status: 503 })
  );
}
