import { handleApiRequest } from '@/server/api/procedures';
import { getContainer } from '@/server/runtime/runtime';
import { LOCAL_USER_ID } from '@/server/services/system/localUser';

export const dynamic = 'force-dynamic';
/** Seconds: an event stream ends by itself before. */
export const maxDuration = 300;

const handle = (request: Request): Promise<Response> =>
  handleApiRequest(request, async () => {
    const container = await getContainer();
    return { userId: LOCAL_USER_ID, container, requestId: container.ids.token() };
  });

export { handle as GET, handle as POST };
