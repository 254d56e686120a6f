import type { Hono } from 'hono';
import { loadEnv } from '@/env';
import { createLogger } from '../runtime/adapters';
import { getContainer } from '../runtime/runtime';
import { createApp } from './app';

let app: Hono | undefined;

/**
 * The app on hosts where Next takes the requests: `npm run dev` and serverless. `npm start` serves it without
 * Next.
 */
export function handleInNext(request: Request): Response | Promise<Response> {
  // Not at load time: the build loads this module without the settings.
  if (app === undefined) {
    const env = loadEnv();
    app = createApp({ env, logger: createLogger(env.LOG_LEVEL), container: getContainer });
  }
  return app.fetch(request);
}
