import { z } from 'zod';
import { type KindField, textOf } from './kindForm';

/** The fields for what requests carry, of agents and of tasks that call an address. */

const HEADERS_HINT =
  'One per line, as Name: value. Stored values are shown as dots; leave the dots to keep a value.';

/** Parses one pair per line, `Name: value` or `name=value`. Null when a line has no separator. */
const parsePairs =
  (separator: ':' | '=') =>
  (text: string): Record<string, string> | null => {
    const pairs: Record<string, string> = {};
    for (const line of text.split('\n').map((candidate) => candidate.trim())) {
      if (line === '') continue;
      const at = line.indexOf(separator);
      if (at < 1) return null;
      pairs[line.slice(0, at).trim()] = line.slice(at + 1).trim();
    }
    return pairs;
  };

export const parseHeaders = parsePairs(':');

/** The host of a secret may have a port, which a colon and another one follow: `NAME@host:8080: value`. */
const SECRET_LINE = /^([^\s:@]+(?:@(?:\[[^\]\s]*\]|[^\s:[\]]*)(?::\d{1,5}(?=\s*:))?)?)\s*:(.*)$/;

function parseSecrets(text: string): Record<string, string> | null {
  const lines = text.split('\n').map((line) => line.trim());
  const pairs = lines.filter((line) => line !== '').map((line) => SECRET_LINE.exec(line));
  if (!pairs.every((pair) => pair !== null)) return null;
  return Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value.trim()]));
}

const formatPairs =
  (separator: string) =>
  (pairs: unknown): string =>
    typeof pairs === 'object' && pairs !== null
      ? Object.entries(pairs)
          .map(([name, value]) => `${name}${separator}${textOf(value)}`)
          .join('\n')
      : '';

export const HEADERS_FIELD = {
  label: 'Headers (optional)',
  hint: HEADERS_HINT,
  control: 'lines',
  isCode: true,
  isSecret: true,
  placeholder: 'Authorization: Bearer …',
  schema: z
    .string()
    .transform(parseHeaders)
    .refine((headers) => headers !== null, 'Write one header per line, as Name: value'),
  format: formatPairs(': '),
} as const satisfies KindField;

/** Values that the model names and never sees, each for one host. */
export const SECRETS_FIELD = {
  ...HEADERS_FIELD,
  label: 'Secrets for HTTP requests (optional)',
  hint: 'One per line, as NAME@host: value. The model writes {{NAME}} in a header and never sees the value, which goes to that host alone. Leave the dots to keep a value.',
  placeholder: 'GITHUB@api.github.com: ghp_…',
  isRare: true,
  schema: z
    .string()
    .transform(parseSecrets)
    .refine((secrets) => secrets !== null, 'Write one secret per line, as NAME@host: value'),
} as const satisfies KindField;

/** For the server of the watched page alone. */
export const WATCH_REQUEST_FIELDS = {
  headers: {
    ...HEADERS_FIELD,
    isRare: true,
    hint: `${HEADERS_HINT} They are sent to the server of this address alone.`,
  },
  cookies: {
    label: 'Cookies (optional)',
    hint: 'One per line, as name=value. As with headers, leave the dots to keep a value.',
    control: 'lines',
    isCode: true,
    isSecret: true,
    isRare: true,
    placeholder: 'session=…',
    schema: z
      .string()
      .transform(parsePairs('='))
      .refine((cookies) => cookies !== null, 'Write one cookie per line, as name=value'),
    format: formatPairs('='),
  },
  userAgent: {
    label: 'User agent (optional)',
    hint: 'How the watch presents itself to servers.',
    isRare: true,
    placeholder: 'Mozilla/5.0 …',
  },
} as const satisfies Record<string, KindField>;
