import type { RunErrorCode } from '@everbeat/domain';
import { redact } from '@everbeat/outgoing';
import { APICallError, InvalidResponseDataError, RetryError } from 'ai';
import { AgentError } from '../../shared/agentError';
import { connectionError } from '../../shared/connectionError';
import { isObject } from '../../shared/fieldReader';
import { type CalledProvider, type Refusal, refusalError, refusalIn } from './providerRefusal';

/** An error that a provider reported within a stream that had begun well, as it was sent. */
export class StreamedError extends Error {
  override readonly name = 'StreamedError';
  constructor(readonly value: unknown) {
    super('The provider reported an error');
  }
}

/** Turns whatever a model call threw into an error with a code and a remedy, without keys. */
export function modelError(error: unknown, provider: CalledProvider): AgentError {
  if (error instanceof AgentError) return error;
  if (RetryError.isInstance(error)) return modelError(error.lastError, provider);
  if (error instanceof StreamedError) return refusalError(refusalIn(error.value), provider);
  if (APICallError.isInstance(error)) return callError(error, provider);
  if (InvalidResponseDataError.isInstance(error)) {
    return new AgentError(
      'model_unavailable',
      `${provider.host} ended its answer halfway. It is called again on the next run.`,
      { farSide: provider.host },
    );
  }
  const name = error instanceof Error ? error.name : typeof error;
  return new AgentError(
    'model_no_answer',
    `The model's answer could not be read (${name}). Check that provider and baseUrl belong together.`,
  );
}

function callError(error: APICallError, provider: CalledProvider): AgentError {
  const { statusCode: status, responseHeaders = {}, responseBody = '', message } = error;
  if (error.cause instanceof AgentError) return error.cause;
  if (status === undefined) return connectionError(error.cause ?? error, provider.host, 'model');
  if (status < 400) {
    return new AgentError(
      'model_no_answer',
      `${provider.host} answered with something else than a model's answer: ${redact(message, provider.secrets)}. Check that provider and baseUrl belong together.`,
    );
  }
  const said: Refusal = { ...refusalIn(responseBody), status, headers: new Headers(responseHeaders) };
  return refusalError({ ...said, message: message || said.message }, provider);
}

/**
 * Whether a provider refused a call because it was given tools: there is no common code for that, only words.
 * What a call with tools is refused for is tried without them, so a wrong guess costs one call.
 */
export function isRefusalOfTools(error: unknown): boolean {
  const [status, text] = refusedText(error);
  if (
    /(not|n't) support[a-z]* .{0,60}(tool|function)|(tool|function).{0,80}(not (support|enabled|available)|require)/i.test(
      text,
    )
  )
    return true;
  return (
    [400, 404, 422, 501].includes(status) && /\btools?\b|tool.?(use|call|choice)|function.?call/i.test(text)
  );
}

function refusedText(error: unknown): [status: number, text: string] {
  if (RetryError.isInstance(error)) return refusedText(error.lastError);
  if (APICallError.isInstance(error))
    return [error.statusCode ?? 0, `${error.message} ${error.responseBody ?? ''}`];
  if (!(error instanceof StreamedError)) return [0, ''];
  const { status = 0, message } = refusalIn(error.value);
  return [status, message];
}

/** Codes with which no connection was made, so that nothing was sent. */
const NOT_CONNECTED =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENETDOWN|UND_ERR_CONNECT_TIMEOUT)$/;
/** Refusals that come instead of an answer, or before anything is sent. */
const REFUSED_CODES: readonly RunErrorCode[] = [
  ...(['model_not_configured', 'model_not_found', 'model_private_address', 'model_unauthorized'] as const),
  ...(['model_bad_certificate', 'model_rate_limited', 'secrets_unreadable'] as const),
];

/**
 * Whether nobody can have been paid for a call that failed: it never left, or the provider answered with an
 * error instead of a stream. Of anything else, such as a stream that broke off, that is not known.
 */
export function isUnbilled(error: unknown): boolean {
  if (RetryError.isInstance(error)) return error.errors.every(isUnbilled);
  if (error instanceof AgentError) return REFUSED_CODES.includes(error.code);
  if (!APICallError.isInstance(error)) return false;
  if (error.cause instanceof AgentError) return isUnbilled(error.cause);
  if (error.statusCode !== undefined) return error.statusCode >= 400;
  const cause =
    error.cause instanceof Error && error.cause.cause !== undefined ? error.cause.cause : error.cause;
  return isObject(cause) && 'code' in cause && NOT_CONNECTED.test(String(cause.code));
}
