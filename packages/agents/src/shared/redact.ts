/** Shorter values are no secrets, and would blank out half of a text. */
const SECRET_CHARS_MIN = 6;

/** The text without the given secrets: servers and programs like to echo what they were sent. */
export function redact(text: string, secrets: Iterable<string | undefined>): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret !== undefined && secret.length >= SECRET_CHARS_MIN)
      clean = clean.replaceAll(secret, '[redacted]');
  }
  return clean;
}
