import { APICallError, InvalidResponseDataError, RetryError } from 'ai';
import { AgentError } from '../../shared/agentError';
import { connectionError } from '../../shared/connectionError';
import { redact } from '../../shared/redact';
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
