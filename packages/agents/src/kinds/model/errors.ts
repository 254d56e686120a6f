import { APICallError, RetryError } from 'ai';
import { AgentError } from '../../shared/agentError';
import { redact } from '../../shared/redact';

const PROVIDER_TEXT_CHARS_MAX = 500;

/**
 * Turns an error of a model call into one with a code and a remedy. Keys are removed from the provider's
 * message.
 */
export function modelError(error: unknown, secrets: string[]): AgentError {
  if (error instanceof AgentError) return error;
  if (RetryError.isInstance(error)) return modelError(error.lastError, secrets);
  if (!APICallError.isInstance(error)) {
    const name = error instanceof Error ? error.name : typeof error;
    return new AgentError(
      'model_no_answer',
      `The model's answer could not be read (${name}). Check that provider and baseUrl belong together.`,
    );
  }
  const [code, remedy] = codeAndRemedyFor(error.statusCode);
  const status =
    error.statusCode === undefined ? 'could not be reached' : `answered with status ${error.statusCode}`;
  // Not shown for a refused key, because providers often quote a part of it.
  const said =
    code === 'model_unauthorized' ? '' : redact(error.message, secrets).slice(0, PROVIDER_TEXT_CHARS_MAX);
  return new AgentError(
    code,
    `${hostOf(error.url)} ${status}. ${remedy}${said === '' ? '' : `\n\nIt said: ${said}`}`,
  );
}

function codeAndRemedyFor(status: number | undefined): [code: string, remedy: string] {
  switch (status) {
    case undefined:
      return ['model_unavailable', 'Check the baseUrl and that the model server is up.'];
    case 401:
    case 403:
      return [
        'model_unauthorized',
        "Check the provider's key in the server's environment; an agent's own baseUrl is called without one.",
      ];
    case 402:
    case 429:
      return [
        'model_rate_limited',
        "The provider's limit is reached: wake the task less often, or raise the limit there.",
      ];
    case 404:
      return ['model_bad_request', "Check the agent's model and baseUrl."];
    case 408:
      return ['model_timeout', 'The provider was too slow; it is called again on the next run.'];
    default:
      return status >= 400 && status < 500
        ? ['model_bad_request', "Check the agent's model and settings."]
        : ['model_unavailable', 'The provider has a problem; it is called again on the next run.'];
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : 'The provider');
