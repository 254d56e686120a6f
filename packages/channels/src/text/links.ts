import { isPrivateName } from '@everbeat/domain';

/**
 * Whether services take an address for a button: they refuse names without a dot, such as `localhost`, and
 * those of private networks, and then the whole message with it.
 */
export function isPublicLink(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return /^https?:$/.test(protocol) && !isPrivateName(hostname) && !hostname.startsWith('[');
}
