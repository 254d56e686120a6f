import { LIMITS } from '@everbeat/domain';
import type { AgentOutcome, AgentRequest, AgentRuntime } from '../../port';
import type { AddressPolicy } from '../../shared/addressPolicy';
import { AgentError, failureOf } from '../../shared/agentError';
import { parseAnswer, toOutcome } from '../../shared/answer';
import { assertAddressAllowed, parseConfig } from '../../shared/config';
import { guardRun, promptOf } from '../../shared/guardRun';
import { type SafeResponse, safeFetch } from '../../shared/safeFetch';
import { type HttpConfig, httpConfigSchema } from './config';
import { redactFailure, redactHeaders } from './ownSecrets';

const BODY_SHOWN_CHARS_MAX = 500;

/** An agent behind an address of its own (API.md, "The http agent"). */
export function createHttpRuntime({ addressPolicy }: { addressPolicy: AddressPolicy }): AgentRuntime {
  const parse = (config: unknown) => parseConfig(httpConfigSchema, 'http', config);
  return {
    kind: 'http',
    checkConfig(config) {
      const checked = parse(config);
      assertAddressAllowed(checked.url, addressPolicy);
      return checked;
    },
    async run(request) {
      try {
        const config = parse(request.config);
        const limit = { timeoutSeconds: config.timeoutSeconds, codePrefix: 'agent' };
        return await guardRun(request, limit, async (signal) =>
          outcomeOf(await post(request, config, addressPolicy, signal), config),
        );
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

async function post(
  request: AgentRequest,
  config: HttpConfig,
  addressPolicy: AddressPolicy,
  signal: AbortSignal,
): Promise<SafeResponse> {
  const { operationId, taskId, taskIdentifier, topicId, trigger, callbackUrl } = request;
  const prompt = await promptOf(request, signal);
  return await safeFetch({
    url: config.url,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'user-agent': 'Everbeat',
      ...config.headers,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ operationId, taskId, taskIdentifier, topicId, trigger, prompt, callbackUrl }),
    signal,
    bodyBytesMax: LIMITS.webhookBodyBytesMax,
    addressPolicy,
    // A redirected POST would either lose its body or send the prompt to a place that nobody configured.
    redirectsMax: 0,
    codePrefix: 'agent',
  });
}

function outcomeOf(response: SafeResponse, config: HttpConfig): AgentOutcome {
  if (response.status === 202) return { kind: 'accepted', timeoutSeconds: config.timeoutSeconds };
  const body = new TextDecoder().decode(response.body);
  if (response.status === 200) {
    const outcome = toOutcome(parseAnswer(parseJson(body)));
    return outcome.kind === 'error' ? redactFailure(outcome, config) : outcome;
  }
  const shown = redactHeaders(body, config).trim().slice(0, BODY_SHOWN_CHARS_MAX);
  throw new AgentError(
    `agent_http_${response.status}`,
    `${new URL(config.url).host} answered with status ${response.status}; 200 or 202 was due. ${remedyFor(response.status)}${shown === '' ? '' : `\n\nIts answer begins: ${shown}`}`,
  );
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AgentError(
      'agent_bad_answer',
      'The agent\'s answer is not JSON. It must hold at least {"content": "..."}.',
    );
  }
}

function remedyFor(status: number): string {
  if (status >= 300 && status < 400)
    return 'Redirects are not followed: configure the address that it redirects to.';
  if (status === 401 || status === 403) return "Check the credentials in the agent's headers.";
  if (status === 404 || status === 405) return "Check the agent's url.";
  if (status === 429) return 'The agent is called too often: wake the task less often.';
  return "Look at the agent's own log.";
}
