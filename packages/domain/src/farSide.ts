/**
 * Names do not resolve, or no network is reachable: every host is away then, so all failures that say so are
 * about one far side.
 */
export const NETWORK = 'network';

/** The codes of Node that say so. */
const NETWORK_FAULTS: readonly string[] = ['EAI_AGAIN', 'ENETDOWN', 'ENETUNREACH', 'ENOTFOUND'];

const HOST_CHARS_MAX = 260;

/**
 * Whom a failed connection is about: `host`, with its port if it has one, or the network. Tasks that fail
 * because of the same far side share one brief (PROTOCOL §4.1). `systemCode` is such as `ECONNREFUSED`.
 */
export function farSideOf(host: string, systemCode?: string): string {
  if (systemCode !== undefined && NETWORK_FAULTS.includes(systemCode)) return NETWORK;
  return host.toLowerCase().slice(0, HOST_CHARS_MAX);
}
