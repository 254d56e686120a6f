import { isPrivateName } from './privateName';

/** `localhost:4810` and `host:8080/x` look like a scheme, and are a host with its port. */
const HOST_AND_PORT = /^[^\s:/?#@\\]+:\d{1,5}(?=[/?#]|$)/;
const SCHEME = /^([a-z][a-z\d+.-]*):/i;
/** Schemes that digits may follow. */
const NO_HOSTS = /^(https?|ftp|file|javascript|mailto|tel|sms|urn):/i;
/** Addresses of this machine and of private networks, as the URL standard writes them. */
const PRIVATE_IPV4 =
  /^(?:0|10|127|169\.254|192\.168|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\.[\d.]+$/;
const PRIVATE_IPV6 = /^\[(?:::1?\]|f[cd]|fe[89ab])/i;

/**
 * The complete http and https addresses that may be meant by what a person typed, the likeliest first; empty
 * if it is no address of the web. Without a scheme, https is meant of a public host, or else http; of this
 * machine and of private networks, http.
 */
export function addressesMeant(typed: string): string[] {
  const text = typed.trim();
  const isHost = HOST_AND_PORT.test(text) && !NO_HOSTS.test(text);
  if (SCHEME.test(text) && !isHost) return hostOf(text) === null ? [] : [text];
  const bare = text.replace(/^\/\//, '');
  const host = hostOf(`https://${bare}`);
  // `name@example.com` is the address of a mailbox.
  if (host === null || /^[^/?#]*@/.test(bare)) return [];
  return isPrivateHost(host) ? [`http://${bare}`] : [`https://${bare}`, `http://${bare}`];
}

/** The host of an address of the web. Null: it is none. */
function hostOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname } = new URL(address);
  // Chromium's parser accepts a space in the name of a host, as `%20`.
  return /^https?:$/.test(protocol) && !hostname.includes('%') ? hostname : null;
}

const isPrivateHost = (host: string): boolean =>
  PRIVATE_IPV4.test(host) || PRIVATE_IPV6.test(host) || (!host.startsWith('[') && isPrivateName(host));

/** The address of a page as it is compared with others: without its fragment and the last slash. */
export const plainAddress = (url: string): string => hrefOf(url).replace(/#.*$/, '').replace(/\/$/, '');

/** The ways in which the address of one page is usually written. */
export const spellingsOf = (url: string): string[] => [
  url,
  hrefOf(url),
  plainAddress(url),
  `${plainAddress(url)}/`,
];

const hrefOf = (url: string): string => (URL.canParse(url) ? new URL(url).href : url);
