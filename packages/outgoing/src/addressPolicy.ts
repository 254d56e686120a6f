import { type LookupAddress, type LookupAllOptions, lookup } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { Agent, buildConnector } from 'undici';
import { bareHost, isLocalName, type Refusal, refusalOf } from './addressRules';

export class RefusedAddressError extends Error {
  override readonly name = 'RefusedAddressError';

  constructor(readonly refusal: Refusal) {
    super();
  }
}

/** What the connections of a dispatcher may reach besides public addresses. */
export interface Reach {
  isPrivateAllowed: boolean;
  ownPort: number | undefined;
}

/**
 * A lookup that refuses a name if one of its addresses is refused. The connection itself uses it, so the
 * address that is checked is the one that is used: a name cannot resolve to a public address for the check
 * and to a private one for the call.
 */
export const guardedLookup =
  (resolve: Resolve, reach: Reach, port: number): LookupFunction =>
  (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0);
      const [first] = addresses;
      if (first === undefined) return callback(new RefusedAddressError('forbidden'), '', 0);
      for (const { address } of addresses) {
        const refusal = refusalOf(address, port, reach, isOwnMachine);
        if (refusal !== null) return callback(new RefusedAddressError(refusal), '', 0);
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

/** Read at every call, because addresses of a laptop change. */
function isOwnMachine(address: string): boolean {
  const ip = ipaddr.process(address);
  if (ip.range() === 'loopback' || ip.range() === 'unspecified') return true;
  const text = ip.toNormalizedString();
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .some((own) => ipaddr.process(own.address).toNormalizedString() === text);
}

const CONNECT_TIMEOUT_MS = 10_000;
/** What browsers take. A long content security policy alone is more than the 16 kB that Node takes. */
const HEADER_BYTES_MAX = 256 * 1024;
/**
 * Shorter than servers keep idle connections (five seconds or more), so that none is reused while it is being
 * closed.
 */
const IDLE_CONNECTION_MS = 1_000;

/** `lookUp` replaces the guarded lookup for calls to a port. */
export function createDispatcher(
  reach: Reach,
  lookUp: (port: number) => LookupFunction = (port) => guardedLookup(lookup, reach, port),
): Agent {
  const connectorFor = (port: number) =>
    buildConnector({ timeout: CONNECT_TIMEOUT_MS, lookup: lookUp(port) });
  const connectors = { own: connectorFor(reach.ownPort ?? 0), other: connectorFor(0) };
  return new Agent({
    keepAliveTimeout: IDLE_CONNECTION_MS,
    keepAliveMaxTimeout: IDLE_CONNECTION_MS,
    maxHeaderSize: HEADER_BYTES_MAX,
    // Calls end with the run's time limit; no further timeouts are needed.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: (options, callback) => {
      const port = Number(options.port) || (options.protocol === 'https:' ? 443 : 80);
      const refusal = refusalOfWritten(options.hostname, port, reach);
      if (refusal !== null) return callback(new RefusedAddressError(refusal), null);
      connectors[port === reach.ownPort ? 'own' : 'other'](options, callback);
    },
  });
}

/** For hosts that are not looked up: IP addresses, and the names of this machine. */
function refusalOfWritten(hostname: string, port: number, reach: Reach): Refusal | null {
  const host = bareHost(hostname);
  if (isIP(host) !== 0) return refusalOf(host, port, reach, isOwnMachine);
  return isLocalName(host) ? refusalOf('127.0.0.1', port, reach, isOwnMachine) : null;
}

/**
 * A TCP connection within what may be reached. A refused address ends it with a `RefusedAddressError`.
 */
export function connectGuarded(host: string, port: number, reach: Reach): Socket {
  const refusal = refusalOfWritten(host, port, reach);
  const lookUp = guardedLookup(lookup, reach, port);
  // An address that is refused as it is written is never called: the lookup fails instead.
  const refuse: LookupFunction = (_host, _options, callback) =>
    callback(new RefusedAddressError(refusal ?? 'forbidden'), '', 0);
  const socket = connect({
    host: refusal === null ? host : 'refused.invalid',
    port,
    lookup: refusal === null ? lookUp : refuse,
  });
  return socket.setTimeout(CONNECT_TIMEOUT_MS * 3, () => socket.destroy());
}

const dispatchers = new Map<string, Agent>();

export function dispatcherFor(reach: Reach): Agent {
  const key = `${reach.isPrivateAllowed} ${reach.ownPort}`;
  const dispatcher = dispatchers.get(key) ?? createDispatcher(reach);
  dispatchers.set(key, dispatcher);
  return dispatcher;
}
