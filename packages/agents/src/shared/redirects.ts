import { CookieJar } from 'tough-cookie';

/**
 * The cookies of one chain of redirects, kept by the rules of browsers. Sites use them to let a reader in.
 */
export class ChainCookies {
  private jar: CookieJar | undefined;

  take(setCookies: readonly string[], url: URL): void {
    for (const cookie of setCookies) {
      this.jar ??= new CookieJar();
      this.jar.setCookieSync(cookie, url.href, { ignoreError: true });
    }
  }

  /**
   * The value of the `cookie` header for a call, empty when there is none. Cookies that the chain has set
   * replace those of the caller.
   */
  headerFor(url: URL, own: Readonly<Record<string, string>> = {}): string {
    const set = this.jar?.getCookiesSync(url.href) ?? [];
    const names = new Set(set.map(({ key }) => key));
    return [
      ...Object.entries(own).flatMap(([name, value]) => (names.has(name) ? [] : [`${name}=${value}`])),
      ...set.map((cookie) => cookie.cookieString()),
    ].join('; ');
  }
}

/**
 * Where a redirect leads. Servers write letters of other scripts into the header as UTF-8, whose bytes arrive
 * as one character each.
 */
export function redirectTarget(location: string, url: URL): string {
  const written = /[\x80-\xff]/.test(location) ? utf8Of(location) : location;
  return URL.canParse(written, url) ? new URL(written, url).href : written;
}

function utf8Of(bytes: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(bytes, 'latin1'));
  } catch {
    return bytes;
  }
}
