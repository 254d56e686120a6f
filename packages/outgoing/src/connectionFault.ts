import { RefusedAddressError } from './addressPolicy';
import type { Refusal } from './addressRules';

/** Why a connection failed, whether before or during the response. */
export type ConnectionFault =
  | { kind: 'refused-address'; refusal: Refusal }
  | {
      kind: 'bad-certificate' | 'blocked-port' | 'unreachable';
      /** The system's, such as `ECONNREFUSED`. Empty where it has none. */
      code: string;
      /** What happened and what a person can do, with nothing of the request. */
      message: string;
      /** Whether the request may have been sent: what it asks for may then have been done. */
      mayHaveArrived: boolean;
    };

/** Shows only the system's code: messages of lower layers may quote headers. */
export function connectionFaultOf(error: unknown, host: string): ConnectionFault {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  if (cause instanceof RefusedAddressError) return { kind: 'refused-address', refusal: cause.refusal };
  const code = codeOf(cause);
  if (isCertificateCode(code)) {
    const message = `${host} was reached, but its certificate is not trusted: ${certificateFault(code)} (${code}). ${certificateRemedy(code)}`;
    return { kind: 'bad-certificate', code, message, mayHaveArrived: false };
  }
  if (isBlockedPort(cause)) {
    const message = `The port of ${host} belongs to another service than the web, so that browsers and this server never call it. Use another port.`;
    return { kind: 'blocked-port', code, message, mayHaveArrived: false };
  }
  const { what, remedy } = faultOf(nameOf(cause, code));
  const shown = code === '' ? '' : ` (${code})`;
  const message = `${host} ${what}${shown}. ${remedy}`;
  return { kind: 'unreachable', code, message, mayHaveArrived: !NOT_SENT.test(code) };
}

/** There was no connection over which a request could have been sent. */
const NOT_SENT =
  /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|UND_ERR_CONNECT_TIMEOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|EPROTO|ERR_SSL_\w+)$/;

/** Whether a server answered in a way that only the parsers of browsers understand. */
export function isOddAnswer(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  const code = codeOf(cause);
  return (
    /^HPE_(?!HEADER_OVERFLOW)/.test(code) ||
    nameOf(cause, code) === 'HTTPParserError' ||
    code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH' ||
    // The client says so of a status below 200 that it does not know.
    (cause instanceof Error && cause.message === 'bad response')
  );
}

/** The standard of `fetch` names such ports, and its errors have no code for them. */
const isBlockedPort = (cause: unknown): boolean => cause instanceof Error && cause.message === 'bad port';

/** Some errors of the parser have a name, but no code. */
const nameOf = (cause: unknown, code: string): string =>
  code === '' && cause instanceof Error ? cause.name : code;

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

interface Fault {
  what: string;
  remedy: string;
}

const UNREACHED = 'could not be reached';
const OTHER_FAULT: Fault = {
  what: UNREACHED,
  remedy: 'Check the address and that the server there is up.',
};
const FAULTS: readonly (readonly [RegExp, Fault])[] = [
  [/^ENOTFOUND$/, { what: UNREACHED, remedy: 'Its name is not known: check the address.' }],
  [
    /^EAI_AGAIN$/,
    { what: UNREACHED, remedy: 'Its name could not be looked up: check the network of this server.' },
  ],
  [
    /^ECONNREFUSED$/,
    {
      what: 'refused the connection',
      remedy: 'Nothing listens at this port: check the address and that the server there is up.',
    },
  ],
  [
    /^(ECONNRESET|EPIPE|UND_ERR_SOCKET)$/,
    {
      what: 'closed the connection before its answer was complete',
      remedy:
        'It is tried again; if it stays so, the server there has a problem, or does not want to be called.',
    },
  ],
  [
    /^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/,
    {
      what: 'took too long to accept the connection',
      remedy: 'It is down or overloaded, or a firewall is in between: check the address.',
    },
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/,
    { what: UNREACHED, remedy: 'No route leads there: check the network of this server and the address.' },
  ],
  [
    /^(EPROTO|ERR_SSL_\w+)$/,
    {
      what: UNREACHED,
      remedy: 'The two sides agree on no encryption: check whether the address begins with http or https.',
    },
  ],
  [
    /^(UND_ERR_HEADERS_OVERFLOW|HPE_HEADER_OVERFLOW)$/,
    {
      what: 'sent more headers than browsers take, too large to be read',
      remedy: 'Tell the operator of the server there.',
    },
  ],
  [
    /^(HPE_\w+|HTTPParserError)$/,
    {
      what: 'was reached',
      remedy: 'What it answered is not HTTP: check the address and its port.',
    },
  ],
  [
    /^(Z_\w+|ERR__ERROR_FORMAT\w*|ERR_BROTLI\w*|UND_ERR_RES_CONTENT_LENGTH_MISMATCH)$/,
    {
      what: 'sent a damaged answer',
      remedy: 'It is tried again; if it stays so, the server there packs or measures its answers wrongly.',
    },
  ],
];

const faultOf = (name: string): Fault => FAULTS.find(([pattern]) => pattern.test(name))?.[1] ?? OTHER_FAULT;
