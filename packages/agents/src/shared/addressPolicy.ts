import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';

/**
 * `public-only` refuses this machine and private networks: a user's agent must not reach into the server's
 * surroundings.
 */
export type AddressPolicy = 'any' | 'public-only';

/** The only block of IPv6 that is assigned for public use. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Whether an IP address (not a name) is anything other than a public one. What cannot be read is not public.
 */
export function isPrivateAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return true;
  const ip = ipaddr.parse(address);
  // ipaddr.js calls `unicast` whatever is in none of its special ranges, also blocks that are not assigned.
  return ip.range() !== 'unicast' || (ip instanceof ipaddr.IPv6 && !ip.match(GLOBAL_IPV6));
}

/** Whether a URL's host is private without looking it up: a private address, or a name of this machine. */
export function isPrivateHost(hostname: string): boolean {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return isPrivateAddress(host);
  return /^(.+\.)?localhost\.?$/i.test(host);
}

const bareHost = (hostname: string): string => hostname.replace(/^\[|\]$/g, '');

export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

/**
 * A lookup that refuses names with a private address. The connection itself uses it, so the address that is
 * checked is the one that is used: a name cannot resolve to a public address for the check and to a private
 * one for the call.
 */
export const publicLookup =
  (resolve: Resolve): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address))) {
        return callback(new PrivateAddressError(), '', 0);
      }
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };

/** `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const CONNECT_TIMEOUT_MS = 10_000;
/**
 * Shorter than servers keep idle connections (five seconds or more), so that none is reused while it is being
 * closed.
 */
const IDLE_CONNECTION_MS = 1_000;

export function createDispatcher(policy: AddressPolicy, lookUp = publicLookup(lookup)): Agent {
  const limited = { timeout: CONNECT_TIMEOUT_MS };
  const connectPublic = buildConnector({ ...limited, lookup: lookUp });
  return new Agent({
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    // Calls end with the run's time limit; no further timeouts are needed.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect:
      policy === 'any'
        ? limited
        : (options, callback) => {
            if (isPrivateHost(options.hostname)) return callback(new PrivateAddressError(), null);
            connectPublic(options, callback);
          },
  });
}

const dispatchers = new Map<AddressPolicy, Agent>();

export function dispatcherFor(policy: AddressPolicy): Agent {
  const dispatcher = dispatchers.get(policy) ?? createDispatcher(policy);
  dispatchers.set(policy, dispatcher);
  return dispatcher;
}
