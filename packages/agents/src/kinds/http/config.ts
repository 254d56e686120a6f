import { LIMITS } from '@everbeat/domain';
import { addressSchema, isSigningSecret } from '@everbeat/outgoing';
import { z } from 'zod';
import { timeoutSecondsSchema } from '../../shared/guardRun';
import { headersSchema, MESSAGE_HEADERS } from '../../shared/requestHeaders';

const HEADERS_MAX = 50;
const REFUSED_HEADERS = { ...MESSAGE_HEADERS, 'content-type': 'is always application/json' };

/** Headers that a person sets for the calls of a server. */
export const httpHeadersSchema = headersSchema(HEADERS_MAX, REFUSED_HEADERS);

export const httpConfigSchema = z.strictObject({
  url: addressSchema,
  headers: httpHeadersSchema.default({}),
  /** With it each call is signed (Standard Webhooks). */
  signingSecret: z
    .string()
    .max(200)
    .refine(isSigningSecret, { message: 'must be whsec_ and at least 16 bytes in base64' })
    .optional(),
  timeoutSeconds: timeoutSecondsSchema.default(LIMITS.agentTimeoutSecondsDefault),
});
export type HttpConfig = z.output<typeof httpConfigSchema>;
