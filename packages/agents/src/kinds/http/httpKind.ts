import { type KindSettings, LIMITS } from '@everbeat/domain';
import { type AgentRun, defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import type { AddressPolicy } from '../../shared/addressRules';
import { AgentError } from '../../shared/agentError';
import { parseAnswer, toOutcome } from '../../shared/answer';
import { assertAddressAllowed } from '../../shared/config';
import { redact, secretsIn } from '../../shared/redact';
import { type SafeResponse, safeFetch } from '../../shared/safeFetch';
import { type HttpConfig, httpConfigSchema } from './config';

const BODY_SHOWN_CHARS_MAX = 500;

interface HttpNeeds {
  addressPolicy: AddressPolicy;
}

/** An agent that is called over HTTP (API.md, "The http agent"). */
export const httpKind = defineAgentKind({
  kind: 'http',
  configSchema: httpConfigSchema,
  reporting: 'plain',
  maxConcurrency: 256,
  errorPrefix: 'agent',
  secretFields: ['headers'],
  addressField: 'url',
  checkConfig: ({ url }, { addressPolicy }: HttpNeeds) => assertAddressAllowed(url, addressPolicy),
  run: async (run, { addressPolicy }) => outcomeOf(await post(run, addressPolicy), run.config),
});

async function post(
  run: AgentRun<HttpConfig, KindSettings>,
  addressPolicy: AddressPolicy,
): Promise<SafeResponse> {
  const { operationId, taskId, taskIdentifier, topicId, trigger, callbackUrl, config, signal } = run;
  const prompt = await run.prompt();
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
    bodyBytesMax: LIMITS.requestBodyBytesMax,
    addressPolicy,
    // A redirected POST would either lose its body or send the prompt to an address that was not configured.
    redirectsMax: 0,
    codePrefix: 'agent',
  });
}

function outcomeOf(response: SafeResponse, config: HttpConfig): AgentOutcome {
  if (response.status === 202) return { kind: 'accepted', timeoutSeconds: config.timeoutSeconds };
  const body = new TextDecoder().decode(response.body);
  if (response.status === 200) {
    return toOutcome(parseAnswer(parseJson(body)));
  }
  // Redacted before it is cut, because a secret that is cut in two would not be found any more.
  const shown = redact(body, secretsIn(config, ['headers']))
    .trim()
    .slice(0, BODY_SHOWN_CHARS_MAX);
  throw new AgentError(
    `agent_http_${response.status}`,
    `${new URL(config.url).host} answered with status ${response.status}; expected 200 or 202. ${remedyFor(response.status)}${shown === '' ? '' : `\n\nIts answer begins: ${shown}`}`,
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
