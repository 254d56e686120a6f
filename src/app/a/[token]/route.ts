import { handleInNext } from '@/server/http/nextHandler';

export const dynamic = 'force-dynamic';

export { handleInNext as GET, handleInNext as POST };
