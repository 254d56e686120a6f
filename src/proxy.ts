import { type NextRequest, NextResponse } from 'next/server';
import { loadEnv } from '@/env';
import { type AccessSettings, accessRefusal } from '@/server/http/access';

/** All but the API, whose own app controls access. */
export const config = { matcher: '/((?!api$|api/).*)' };

let settings: AccessSettings | undefined;

/** Access control of pages and assets. */
export async function proxy(request: NextRequest): Promise<Response> {
  settings ??= loadEnv();
  return (await accessRefusal(request, settings)) ?? NextResponse.next();
}
