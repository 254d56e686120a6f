import { isIP } from 'node:net';
import { isPrivateName } from '@everbeat/domain';
import ipaddr from 'ipaddr.js';

/**
 * What may be called besides public addresses. Never: link-local addresses and those of cloud metadata
 * services, which hand out credentials of the host, and this server's own port, where calls from this machine
 * are trusted.
 */
export interface AddressPolicy {
  /**
   * Addresses of this machine and of private networks. `typed`: where the person typed an address that is
   * visibly private, but not by a redirect, nor by a public name that resolves to one. `any`: also by such a
   * name, for addresses that the operator set.
   */
  privateAddresses: 'never' | 'typed' | 'any';
  /** The port of this server on this machine. */
  ownPort?: number;
}

/** `forbidden` addresses are never called, whatever the policy. */
export type AddressKind = 'public' | 'private' | 'forbidden';

/** The only block of IPv6 that is assigned for public use. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Where clouds serve metadata, besides 169.254.169.254, which is link-local. */
const METADATA_ADDRESSES = ['fd00:ec2::254', 'fd20:ce::254', '100.100.100.200', '168.63.129.16'].map(
  (address) => ipaddr.parse(address).toNormalizedString(),
);

/** IPv6 forms that lead to an IPv4 address which cannot be seen in them, and that nobody types. */
const TRANSITION_RANGES: readonly string[] = ['rfc6145', 'rfc6052', '6to4', 'teredo'];

/** The kind of an IP address (not of a name). What cannot be read is forbidden. */
export function kindOfAddress(address: string): AddressKind {
  if (!ipaddr.isValid(address)) return 'forbidden';
  const ip = ipaddr.process(address);
  const range = ip.range();
  if (range === 'linkLocal' || TRANSITION_RANGES.includes(range)) return 'forbidden';
  if (METADATA_ADDRESSES.includes(ip.toNormalizedString())) return 'forbidden';
  // ipaddr.js calls `unicast` whatever is in none of its special ranges, also blocks that are not assigned.
  const isPublic = range === 'unicast' && (!(ip instanceof ipaddr.IPv6) || ip.match(GLOBAL_IPV6));
  return isPublic ? 'public' : 'private';
}

/** The kind of a URL's host as the person sees it, without looking it up. */
export function kindOfHost(hostname: string): AddressKind {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return kindOfAddress(host);
  return isPrivateName(host) ? 'private' : 'public';
}

/** Whether a URL's host is private as it is written: a private address, or a name of this machine. */
export function isWrittenPrivate(hostname: string): boolean {
  const host = bareHost(hostname);
  return isIP(host) === 0 ? isLocalName(host) : kindOfAddress(host) === 'private';
}

/** Whether the host names this machine: `localhost` or a name below it. */
export const isLocalName = (hostname: string): boolean => /^(.+\.)?localhost\.?$/i.test(hostname);

/** A host without the brackets of an IPv6 address. */
export const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

/** Whether a policy allows private addresses for one hop of a call to the address that was typed. */
export const isPrivateAllowed = (policy: AddressPolicy, url: URL, typedUrl: URL): boolean =>
  policy.privateAddresses === 'any' ||
  (policy.privateAddresses === 'typed' &&
    isSameServer(url, typedUrl) &&
    kindOfHost(typedUrl.hostname) === 'private');

/** The same origin, or the same host where http redirects to https. */
const isSameServer = (url: URL, typedUrl: URL): boolean =>
  url.hostname === typedUrl.hostname &&
  (url.port === typedUrl.port ||
    (typedUrl.protocol === 'http:' && url.protocol === 'https:' && url.port === ''));

/** Why an address is not called: `private` and `forbidden` as above, `own` for this server itself. */
export type Refusal = Exclude<AddressKind, 'public'> | 'own';

/**
 * Why a connection to this IP address is refused, or null. `isOwnMachine` tells whether an address is one of
 * this machine's.
 */
export function refusalOf(
  address: string,
  port: number,
  allowed: { isPrivateAllowed: boolean; ownPort: number | undefined },
  isOwnMachine: (address: string) => boolean,
): Refusal | null {
  const kind = kindOfAddress(address);
  if (kind === 'forbidden') return kind;
  if (port === allowed.ownPort && isOwnMachine(address)) return 'own';
  return kind === 'private' && !allowed.isPrivateAllowed ? kind : null;
}
