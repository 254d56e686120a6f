/** Shorter values are no secrets, and replacing them would make the text unreadable. */
const SECRET_CHARS_MIN = 6;

const REDACTED = '[redacted]';

/**
 * Replaces the given secrets in a text: servers and programs often echo what they were sent. The longest
 * first, because one that holds another would be known in part alone.
 */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length >= SECRET_CHARS_MIN && text.includes(secret))
    .toSorted((a, b) => b.length - a.length)
    .reduce((clean, secret) => clean.replaceAll(secret, REDACTED), text);

/** The same for a text that was cut off, which may end within a secret. */
export function redactCut(text: string, secrets: readonly string[]): string {
  const clean = redact(text, secrets);
  const left = secrets.map((secret) => endWithin(clean, secret));
  const longest = Math.max(0, ...left);
  return longest === 0 ? clean : `${clean.slice(0, -longest)}${REDACTED}`;
}

/** How many characters at the end of a text are the beginning of this secret. Fewer than of a secret: 0. */
function endWithin(text: string, secret: string): number {
  for (let chars = secret.length - 1; chars >= SECRET_CHARS_MIN; chars--)
    if (text.endsWith(secret.slice(0, chars))) return chars;
  return 0;
}

/** A secret as programs write it: in JSON, in an address, and as the password of Basic authentication. */
export const writtenForms = (secret: string): string[] => [
  ...new Set([
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]),
];

/** Headers whose values are no secrets: pages and reports may well hold them. */
const PLAIN_HEADERS =
  /^(accept|accept-language|cache-control|content-type|dnt|origin|pragma|referer|user-agent|x-requested-with)$/i;

/**
 * The secrets in the given fields of a configuration, which may be of any shape, as programs write them. Each
 * comes whole and without its first word, because what follows the scheme of an `Authorization` header is
 * often quoted alone.
 */
export function secretsIn(config: unknown, fields: readonly string[]): string[] {
  if (typeof config !== 'object' || config === null) return [];
  const texts = Object.entries(config)
    .filter(([name]) => fields.includes(name))
    .flatMap(([name, value]) => textsIn(name === 'headers' ? withoutPlain(value) : value));
  return [
    ...new Set(texts.flatMap((secret) => [secret, secret.replace(/^\S+\s+/, '')].flatMap(writtenForms))),
  ];
}

const withoutPlain = (headers: unknown): unknown =>
  typeof headers === 'object' && headers !== null
    ? Object.fromEntries(Object.entries(headers).filter(([name]) => !PLAIN_HEADERS.test(name)))
    : headers;

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
