import { getContainer } from '@/server/runtime';

export const dynamic = 'force-dynamic';
/** Seconds: in queue mode the agent works inside the request. Hosts cap it to what the plan allows. */
export const maxDuration = 800;

async function handle(request: Request): Promise<Response> {
  const { workflows } = await getContainer();
  return workflows.fetch(request);
}

export { handle as GET, handle as POST };
