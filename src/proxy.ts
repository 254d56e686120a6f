import { type NextRequest, NextResponse } from 'next/server';
import { loadEnv } from '@/env';
import { isReachedFromThisHostAlone } from '@/env/addresses';
import { type AccessSettings, decideAccess } from '@/server/http/access';

let settings: AccessSettings | undefined;

function readSettings(): AccessSettings {
  const env = loadEnv();
  return {
    appUrl: env.APP_URL,
    password: env.ACCESS_PASSWORD,
    hasUnsignedWebhooks: env.QSTASH_CURRENT_SIGNING_KEY === undefined && isReachedFromThisHostAlone(env),
  };
}

/** Runs before every page, asset and route. */
export function proxy(request: NextRequest): NextResponse {
  settings ??= readSettings();
  const { method, headers, nextUrl } = request;
  const decision = decideAccess({ method, path: nextUrl.pathname, headers }, settings);
  if (decision.isAllowed) return NextResponse.next();
  const { status, message } = decision;
  return new NextResponse(`${message}\n`, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      ...(status === 401 ? { 'www-authenticate': 'Basic realm="Everbeat", charset="UTF-8"' } : {}),
    },
  });
}
