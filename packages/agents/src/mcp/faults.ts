import type { McpVerdict } from '@everbeat/domain';
import { RefusedAddressError, redact } from '@everbeat/outgoing';
import { SdkError, SdkErrorCode, SdkHttpError, UnauthorizedError } from '@modelcontextprotocol/client';
import { connectionError } from '../shared/connectionError';
import type { McpServer } from './server';

/** A server sends without end. */
export class TooLongError extends Error {
  override readonly name = 'TooLongError';
}

/** Why a server cannot be used, with the remedy. The message contains no secrets. */
export class McpFault extends Error {
  override readonly name = 'McpFault';

  constructor(
    readonly verdict: Exclude<McpVerdict, 'ready'>,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The fault for whatever a connection or a call has thrown. */
export function faultOf(error: unknown, server: McpServer, secrets: readonly string[]): McpFault {
  if (error instanceof McpFault) return error;
  const { verdict, message } = read(error, server);
  return new McpFault(verdict, redact(message, secrets), { cause: error });
}

type Read = Pick<McpFault, 'verdict' | 'message'>;

function read(error: unknown, server: McpServer): Read {
  const { name } = server;
  if (UnauthorizedError.isInstance(error)) return refused(401, name);
  if (SdkHttpError.isInstance(error)) return refused(error.status, name);
  const cause = deepestCause(error);
  if (cause instanceof TooLongError)
    return { verdict: 'unavailable', message: `${name} answered with ${cause.message}, which is the limit.` };
  if (SdkError.isInstance(error)) return fromLibrary(error, name);
  if (server.transport === 'stdio') return notStarted(cause, name);
  if (!isOfConnection(error, cause)) return misspoken(name, cause instanceof Error ? cause.name : '');
  const { message } = connectionError(error, new URL(server.url).host, 'agent');
  return { verdict: cause instanceof RefusedAddressError ? 'forbidden' : 'unavailable', message };
}

function refused(status: number, name: string): Read {
  if (status === 401)
    return {
      verdict: 'reauth-required',
      message: `${name} refused the credentials. Enter valid ones in its settings.`,
    };
  if (status === 403)
    return {
      verdict: 'forbidden',
      message: `${name} does not let these credentials use it. Enter others, or ask its operator.`,
    };
  if (status >= 500 || status === 429)
    return {
      verdict: 'unavailable',
      message: `${name} answered with status ${status}. It is tried again later.`,
    };
  return {
    verdict: 'misconfigured',
    message: `${name} answered with status ${status}, so there is no server of the Model Context Protocol at its address. Check the address: it often ends with /mcp.`,
  };
}

function fromLibrary({ code }: SdkError, name: string): Read {
  if (code === SdkErrorCode.RequestTimeout)
    return { verdict: 'unavailable', message: `${name} did not answer in time.` };
  if (code === SdkErrorCode.ConnectionClosed)
    return { verdict: 'unavailable', message: `${name} ended the connection, or its program ended.` };
  return misspoken(name, code);
}

/** `fetch` wraps what a connection has thrown, or throws what has a code. */
const isOfConnection = (error: unknown, cause: unknown): boolean =>
  cause instanceof RefusedAddressError ||
  error !== cause ||
  (cause instanceof Error && 'code' in cause && typeof cause.code === 'string');

/** What it sent is no answer: no JSON, or none of the right shape, or nested too deeply. */
const misspoken = (name: string, what: string): Read => ({
  verdict: 'misconfigured',
  message: `${name} does not answer as a server of the Model Context Protocol does (${what}). Check its address or its command.`,
});

const notStarted = (cause: unknown, name: string): Read =>
  isErrno(cause, 'ENOENT')
    ? { verdict: 'misconfigured', message: `The program of ${name} is not installed, or not on the PATH.` }
    : isErrno(cause, 'EACCES')
      ? { verdict: 'misconfigured', message: `The program of ${name} may not be run.` }
      : { verdict: 'unavailable', message: `${name} failed. It is tried again later.` };

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

function deepestCause(error: unknown): unknown {
  let cause = error;
  for (let depth = 0; depth < 10 && cause instanceof Error && cause.cause !== undefined; depth += 1)
    cause = cause.cause;
  return cause;
}
