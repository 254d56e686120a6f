export const dynamic = 'force-dynamic';

/** Whether the process lives; asks nothing of anything else. */
export const GET = (): Response => Response.json({ status: 'ok' });
