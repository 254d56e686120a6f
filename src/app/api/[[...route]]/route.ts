import { handleInNext } from '@/server/http/nextHandler';

export const dynamic = 'force-dynamic';
/** Seconds: in queue mode an agent works inside the request. Hosts reduce it to what the plan allows. */
export const maxDuration = 800;

export { handleInNext as GET, handleInNext as POST };
