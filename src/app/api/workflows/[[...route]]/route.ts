import { answerWebhook } from '@/server/runtime/answerWebhook';
import { getRuntime } from '@/server/runtime/runtime';

export const dynamic = 'force-dynamic';
/** Seconds: in queue mode the agent works inside the request. Hosts cap it to what the plan allows. */
export const maxDuration = 800;

const handle = (request: Request): Promise<Response> => answerWebhook(request, getRuntime());

export { handle as GET, handle as POST };
