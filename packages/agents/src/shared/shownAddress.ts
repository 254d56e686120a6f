import { truncated } from '@everbeat/domain';

const CHARS_MAX = 200;
const HIDDEN = '…';

/** Names of parameters whose values let others in, such as `api_key`, `X-Amz-Signature` or `sid`. */
const SECRET_NAME =
  /(^|[_.-])(api-?key|key|token|secret|pass|passwd|password|pwd|sig|signature|auth|authorization|access|session|sid|jwt|hmac|credentials?)$/i;
/** What nobody writes by hand: signed tokens, and long random text. */
const SECRET_VALUE = /^eyJ|^(?=.*\d)(?=.*[a-z])[\w+/=~.]{32,}$/i;

/**
 * An address as it is shown and named: with its query, in which two pages of one site often differ, but
 * without the values that look like secrets, and without its fragment. At most 200 characters.
 */
export function shownAddress(address: string): string {
  const { origin, pathname, search } = new URL(address);
  const query = search.replace(/([^?&=]+)=([^&]*)/g, (pair, name: string, value: string) =>
    isSecret(name, value) ? `${name}=${HIDDEN}` : pair,
  );
  return truncated(`${origin}${pathname}${query}`, CHARS_MAX);
}

const isSecret = (name: string, value: string): boolean => SECRET_NAME.test(name) || SECRET_VALUE.test(value);
