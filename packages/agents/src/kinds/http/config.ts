import { LIMITS } from '@everbeat/domain';
import { z } from 'zod';
import { addressSchema } from '../../shared/config';
import { timeoutSecondsSchema } from '../../shared/guardRun';
import { isSigningSecret } from './signature';

const HEADERS_MAX = 50;
const HEADER_CHARS_MAX = 8_000;
/** Headers that the call sets itself. */
const OWN_HEADERS: readonly string[] = [
  'connection',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers that a person sets for the calls of a server. */
export const headersSchema = z
  .record(z.string().max(200), z.string().max(HEADER_CHARS_MAX))
  .refine((headers) => Object.keys(headers).length <= HEADERS_MAX, {
    message: `at most ${HEADERS_MAX} headers`,
  })
  .refine((headers) => Object.keys(headers).every((name) => !OWN_HEADERS.includes(name.toLowerCase())), {
    message: `these are set by the call itself: ${OWN_HEADERS.join(', ')}`,
  })
  .refine(areSendable, { message: 'a name or a value cannot be sent in an HTTP header' });

/** The message of the caught error is not used: it would quote the value, which may be a secret. */
function areSendable(headers: Record<string, string>): boolean {
  try {
    new Headers(headers);
    return true;
  } catch {
    return false;
  }
}

export const httpConfigSchema = z.strictObject({
  url: addressSchema,
  headers: headersSchema.default({}),
  /** With it each call is signed (Standard Webhooks). */
  signingSecret: z
    .string()
    .max(200)
    .refine(isSigningSecret, { message: 'must be whsec_ and at least 16 bytes in base64' })
    .optional(),
  timeoutSeconds: timeoutSecondsSchema.default(LIMITS.agentTimeoutSecondsDefault),
});
export type HttpConfig = z.output<typeof httpConfigSchema>;
