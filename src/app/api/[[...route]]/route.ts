import type { Hono } from 'hono';
import { loadEnv } from '@/env';
import { createApp } from '@/server/http/app';
import { createLogger } from '@/server/runtime/adapters';
import { getContainer } from '@/server/runtime/runtime';

/** The API on hosts where Next takes the requests: `npm run dev` and serverless. `npm start` serves it without Next. */

export const dynamic = 'force-dynamic';
/** Seconds: in queue mode an agent works inside the request. Hosts reduce it to what the plan allows. */
export const maxDuration = 800;

let app: Hono | undefined;

function handle(request: Request): Response | Promise<Response> {
  // Not at load time: the build loads this module without the settings.
  if (app === undefined) {
    const env = loadEnv();
    app = createApp({ env, logger: createLogger(env.LOG_LEVEL), container: getContainer });
  }
  return app.fetch(request);
}

export { handle as GET, handle as POST };
