/**
 * Whether a list of hosts names that of an address. `example.com` is that host on the port of its scheme,
 * `example.com:8080` on this port alone, `*.example.com` every host below it. A name without a dot before it
 * never stands for others: `example.com` is not `api.example.com`.
 */
export function isHostListed(url: URL, hosts: readonly string[]): boolean {
  return hosts.some((listed) => {
    const host = listed.trim().toLowerCase();
    if (!host.startsWith('*.')) return host === url.host;
    const parent = host.slice(1);
    return url.host.endsWith(parent) && url.host.length > parent.length;
  });
}
