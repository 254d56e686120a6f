import { getContainer } from '@/server/runtime';

export const dynamic = 'force-dynamic';
/** Seconds: in queue mode the agent works inside the request. Hosts cap it to what the plan allows. */
export const maxDuration = 800;

async function handle(request: Request): Promise<Response> {
  const container = await getContainer().catch(() => null);
  // It has not come up, as when its database is away; QStash tries again.
  if (container === null) return Response.json({ error: 'unavailable' }, { status: 503 });
  return container.workflows.fetch(request);
}

export { handle as GET, handle as POST };
