import { randomBytes } from 'node:crypto';
import type { Ids, Logger } from '@everbeat/domain';
import pino from 'pino';
import { v7 } from 'uuid';

export const systemIds: Ids = {
  row: () => v7(),
  token: () => v7(),
  secret: () => randomBytes(32).toString('base64url'),
};

/** Never logged, at the top of an object or up to two levels down. */
const SECRET_PATHS = ['authorization', 'cookie', 'password', 'token', 'secret', 'apiKey', 'headers'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
);

/** JSON lines on standard output; errors with message and stack, secrets redacted. */
export function createLogger(level: string): Logger {
  return pino({
    level,
    base: undefined,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    formatters: { level: (label) => ({ level: label }) },
  });
}
