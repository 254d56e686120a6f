import { farSideOf } from '@everbeat/domain';
import { RefusedAddressError } from './addressPolicy';
import type { Refusal } from './addressRules';
import { AgentError, type CallingPrefix } from './agentError';

const REFUSALS: Record<Refusal, string> = {
  private:
    'is an address of this machine or of a private network, which is called only where that address itself was entered, and not by a redirect or a public name. Enter the private address, if the operator allows it (ALLOW_PRIVATE_AGENT_URLS).',
  forbidden:
    'leads to a link-local address or to a metadata service of the host, which agents never call. Use another address.',
  own: 'leads to this server itself, which its agents never call. Use another address.',
};

/**
 * The error for a connection that failed, whether before or during the response. Shows only the system's
 * code: messages of lower layers may quote headers.
 */
export function connectionError(error: unknown, host: string, codePrefix: CallingPrefix): AgentError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof RefusedAddressError) {
    return new AgentError(`${codePrefix}_private_address`, `${host} ${REFUSALS[cause.refusal]}`);
  }
  const code = codeOf(cause);
  if (isCertificateCode(code)) {
    return new AgentError(
      `${codePrefix}_bad_certificate`,
      `${host} was reached, but its certificate is not trusted: ${certificateFault(code)} (${code}). ${certificateRemedy(code)}`,
      { farSide: host },
    );
  }
  const shown = code === '' ? '' : ` (${code})`;
  return new AgentError(
    `${codePrefix}_unreachable`,
    `${host} could not be reached${shown}. ${connectionRemedy(code)}`,
    { farSide: farSideOf(host, code) },
  );
}

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? cause.code
    : '';

/** The codes with which Node refuses a certificate. */
const isCertificateCode = (code: string): boolean =>
  /^(UNABLE_TO_|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT_)/.test(code) ||
  ['INVALID_CA', 'INVALID_PURPOSE', 'HOSTNAME_MISMATCH', 'PATH_LENGTH_EXCEEDED'].includes(code);

function certificateFault(code: string): string {
  if (code === 'CERT_HAS_EXPIRED') return 'it has expired';
  if (code === 'CERT_NOT_YET_VALID') return 'it is not valid yet';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID' || code === 'HOSTNAME_MISMATCH')
    return 'it is for another name';
  if (/SELF_SIGNED/.test(code)) return 'it is signed by itself';
  if (/^UNABLE_TO_/.test(code)) return 'who signed it is not known here';
  return 'it does not hold';
}

function certificateRemedy(code: string): string {
  if (code === 'CERT_HAS_EXPIRED')
    return 'It has to be renewed there; until then the address is tried again.';
  if (code === 'CERT_NOT_YET_VALID') return 'Check the clock of this server.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return 'Use the name that the certificate is for.';
  return 'Let the server there send its whole chain, or let the operator of this server name the authority in NODE_EXTRA_CA_CERTS.';
}

function connectionRemedy(code: string): string {
  if (code === 'ENOTFOUND') return 'Its name is not known: check the address.';
  if (code === 'EAI_AGAIN') return 'Its name could not be looked up: check the network of this server.';
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_'))
    return 'The two sides agree on no encryption: check whether the address begins with http or https.';
  if (code.startsWith('HPE_')) return 'What it answered is not HTTP: check the address and its port.';
  return 'Check the address and that the server there is up.';
}
