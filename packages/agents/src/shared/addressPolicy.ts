import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';

/** `public-only` refuses this machine and private networks: one user's agent must not reach into the server's surroundings. */
export type AddressPolicy = 'any' | 'public-only';

/** Of IPv4 all special-purpose ranges (IANA's registry) are refused. */
const REFUSED_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const;

/** Of IPv6 only global unicast is let through, less what tunnels IPv4 or is for documentation. */
const GLOBAL_IPV6 = ['2000::', 3] as const;
const REFUSED_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const refused = new BlockList();
for (const [network, prefix] of REFUSED_IPV4) refused.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of REFUSED_IPV6) refused.addSubnet(network, prefix, 'ipv6');
const globalIpv6 = new BlockList();
globalIpv6.addSubnet(...GLOBAL_IPV6, 'ipv6');

/** Whether an IP address (no name) is anything but a public one. */
export function isPrivateAddress(address: string): boolean {
  if (isIPv6(address)) return !globalIpv6.check(address, 'ipv6') || refused.check(address, 'ipv6');
  return refused.check(address, 'ipv4');
}

/** Whether a URL's host is plainly private, without a look-up: an address, or a name of this machine. */
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
 * A look-up for the connection itself, so that the address checked is the address used: a name cannot answer once
 * with a public address for the check and then with a private one.
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

/** As `dns.lookup` with `all`. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

const CONNECT_TIMEOUT_MS = 10_000;
/** Shorter than servers keep an idle connection (five seconds and more), so that none is used as it is being closed. */
const KEPT_CONNECTION_MS = 1_000;

export function createDispatcher(policy: AddressPolicy, lookUp = publicLookup(lookup)): Agent {
  const limited = { timeout: CONNECT_TIMEOUT_MS };
  const connectPublic = buildConnector({ ...limited, lookup: lookUp });
  return new Agent({
    keepAliveTimeout: KEPT_CONNECTION_MS,
    keepAliveMaxTimeout: KEPT_CONNECTION_MS,
    // The run's own time limit governs calls: no other timers.
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
