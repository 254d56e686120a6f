import type { AddressPolicy } from '@everbeat/outgoing';
import { ToolError } from './port';

/** Addresses as people write them, with or without a scheme: `http://10.0.0.7:8080/x`, `localhost:4810`. */
const ADDRESS = /(?:https?:\/\/)?(?:\[[0-9a-f:.]+\]|[\w-]+(?:\.[\w-]+)*\.?)(?::\d{1,5})?/gi;

/**
 * The hosts, with their ports, that stand in a person's own text. A model may be told by a page to look at
 * the private network around this server; it may only where the person wrote the address themselves.
 */
export function hostsIn(text: string): ReadonlySet<string> {
  const hosts = (text.match(ADDRESS) ?? []).map((found) => hostOf(found));
  return new Set(hosts.filter((host) => host !== null));
}

/**
 * Amounts, versions and times are not meant as addresses, but `2130706433` and `127.1` are ways to write one.
 */
const NUMBER = /^(?:\d+|0x[\da-f]+)(?:\.(?:\d+|0x[\da-f]+)){0,2}\.?(?::\d+)?$/i;

function hostOf(address: string): string | null {
  if (NUMBER.test(address)) return null;
  const url = /^https?:\/\//i.test(address) ? address : `http://${address}`;
  return URL.canParse(url) ? new URL(url).host : null;
}

/** What a call of a model may reach: private addresses only among `typedHosts`. */
export const reachOf = (policy: AddressPolicy, url: URL, typedHosts: ReadonlySet<string>): AddressPolicy =>
  typedHosts.has(url.host) ? policy : { ...policy, privateAddresses: 'never' };

/** An address as models write it. @throws ToolError */
export function readAddress(address: string): URL {
  const text = address.trim();
  const url = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new ToolError('This is no http or https address. Give it whole, such as https://example.com/page.');
  }
  return new URL(url);
}
