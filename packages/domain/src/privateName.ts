/**
 * Whether no public name server resolves a name to a public address: a name without a dot, or below one of
 * the domains that are kept for private networks (RFC 6761, RFC 6762, RFC 8375, and those that are
 * customary).
 */
export const isPrivateName = (host: string): boolean =>
  /^[^.]+\.?$|\.(localhost|local|lan|internal|home\.arpa)\.?$/i.test(host);
