import { type NextRequest, NextResponse } from 'next/server';
import { loadEnv } from '@/env';
import { type AccessSettings, accessRefusal } from '@/server/http/access';

/** All but the API, whose own app controls access. */
export const config = { matcher: '/((?!api$|api/).*)' };

let settings: AccessSettings | undefined;

/** Access control of pages and assets. */
export function proxy(request: NextRequest): Response {
  settings ??= loadEnv();
  return accessRefusal(request, settings) ?? NextResponse.next();
}
