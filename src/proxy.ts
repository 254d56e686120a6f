import { type NextRequest, NextResponse } from 'next/server';
import { loadEnv } from '@/env';
import { type AccessSettings, accessRefusal } from '@/server/http/access';

/**
 * All but what the app serves (`serve.ts`), which controls access itself. Next reads this without running it.
 */
export const config = { matcher: '/((?!api$|api/|a/|feed/|calendar/).*)' };

let settings: AccessSettings | undefined;

/** Access control of pages and assets. */
export async function proxy(request: NextRequest): Promise<Response> {
  settings ??= loadEnv();
  return (await accessRefusal(request, settings)) ?? NextResponse.next();
}
