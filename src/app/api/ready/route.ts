import { getContainer } from '@/server/runtime/runtime';
import type { Readiness } from '@/server/services/system/SystemService';

export const dynamic = 'force-dynamic';

/** Whether database and scheduler answer, and if not, which of them does not. */
export async function GET(): Promise<Response> {
  const parts = await readiness();
  const isReady = parts.database === 'ok' && parts.scheduler === 'ok';
  return Response.json(
    { status: isReady ? 'ready' : 'unavailable', ...parts },
    { status: isReady ? 200 : 503, headers: { 'cache-control': 'no-store' } },
  );
}

async function readiness(): Promise<Readiness> {
  try {
    const { system } = await getContainer();
    return await system.readiness();
  } catch {
    // Without its database the application does not come up at all.
    return { database: 'unavailable', scheduler: 'unavailable' };
  }
}
