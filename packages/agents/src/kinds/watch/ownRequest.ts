import { LIMITS, MASK } from '@everbeat/domain';
import { secretsIn } from '@everbeat/outgoing';
import { z } from 'zod';
import { headersSchema, MESSAGE_HEADERS } from '../../shared/requestHeaders';

/** What a person has requests for one page carry, such as what signs them in. */

const BY_THE_WATCH = 'is set by the watch itself';
const REFUSED_HEADERS = {
  ...MESSAGE_HEADERS,
  cookie: 'has a setting of its own: cookies',
  'user-agent': 'has a setting of its own: userAgent',
  'accept-encoding': BY_THE_WATCH,
  range: BY_THE_WATCH,
  'if-match': BY_THE_WATCH,
  'if-modified-since': BY_THE_WATCH,
  'if-none-match': BY_THE_WATCH,
  'if-range': BY_THE_WATCH,
  'if-unmodified-since': BY_THE_WATCH,
};

const COOKIE_NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** Letters beyond Latin 1 cannot be sent, and a semicolon would begin another cookie. */
const COOKIE_VALUE = /^[\x20-\x3a\x3c-\x7e\x80-\xff]*$/;
const USER_AGENT = /^[\x20-\x7e\xa0-\xff]+$/;

const cookieSchema = z.string().trim().max(LIMITS.watchCookieCharsMax);
const cookiesSchema = z
  .record(z.string().max(LIMITS.headerNameCharsMax), cookieSchema)
  .superRefine((cookies, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message });
    if (Object.keys(cookies).length > LIMITS.watchCookiesMax)
      refuse(`at most ${LIMITS.watchCookiesMax} cookies`);
    for (const [name, value] of Object.entries(cookies)) {
      if (!COOKIE_NAME.test(name)) refuse(`"${name}" is not the name of a cookie`);
      else if (value !== MASK && !COOKIE_VALUE.test(value)) {
        refuse(`the value of "${name}" holds a character that cannot be sent in a cookie`);
      }
    }
  });

/** Sent to the origin of the watch's own address alone. */
export const SECRET_SETTINGS = ['headers', 'cookies'] as const;

export const REQUEST_FIELDS = {
  headers: headersSchema(LIMITS.watchHeadersMax, REFUSED_HEADERS).optional(),
  cookies: cookiesSchema.optional(),
  /** Also sent where redirects lead, as a browser does. */
  userAgent: z
    .string()
    .trim()
    .max(LIMITS.userAgentCharsMax)
    .regex(USER_AGENT, 'holds a character that cannot be sent in a header')
    .optional(),
};

interface RequestSettings {
  headers?: Record<string, string> | undefined;
  cookies?: Record<string, string> | undefined;
  userAgent?: string | undefined;
}

/**
 * What no field alone can say: whom the values are for, and that all of them together fit into a request.
 */
export function checkRequest(
  settings: RequestSettings & { url?: string | undefined },
  context: z.RefinementCtx,
): void {
  const { url, headers = {}, cookies = {} } = settings;
  for (const field of ['headers', 'cookies', 'userAgent'] as const) {
    if (url !== undefined || settings[field] === undefined) continue;
    context.addIssue({ code: 'custom', path: [field], message: 'needs the url of the page that it is for' });
  }
  const chars = [headers, cookies].flatMap(Object.entries).flat().join('').length;
  if (chars > LIMITS.watchRequestCharsMax) {
    const message = `headers and cookies may have ${LIMITS.watchRequestCharsMax} characters together`;
    context.addIssue({ code: 'custom', path: ['headers'], message });
  }
}

/** What requests carry beside their own headers. */
export interface OwnRequest {
  /** For the origin of the address that was typed, and no other. */
  headers: Record<string, string>;
  cookies: Record<string, string>;
  userAgent: string | null;
  /** Values that no text that is stored or shown may hold. */
  secrets: string[];
}

export function ownRequestOf({ headers = {}, cookies = {}, userAgent }: RequestSettings): OwnRequest {
  const secrets = secretsIn({ headers, cookies }, SECRET_SETTINGS);
  return { headers, cookies, userAgent: userAgent ?? null, secrets };
}
