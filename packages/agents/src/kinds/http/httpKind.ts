import { type KindSettings, LIMITS, storableText } from '@everbeat/domain';
import type { AddressPolicy } from '@everbeat/outgoing';
import { responseDetails, signatureHeaders } from '@everbeat/outgoing';
import type { AgentRun } from '../../agentKindSpec';
import { defineAgentKind } from '../../defineAgentKind';
import type { AgentOutcome } from '../../port';
import { AgentError } from '../../shared/agentError';
import { readAnswer } from '../../shared/answer';
import { assertAddressAllowed } from '../../shared/config';
import { fenced } from '../../shared/markdown';
import { checkReachable } from '../../shared/reachable';
import { type SafeResponse, safeFetch } from '../../shared/safeFetch';
import { type HttpConfig, httpConfigSchema } from './config';

type HttpRun = AgentRun<HttpConfig, KindSettings>;

const BODY_SHOWN_CHARS_MAX = 500;
/** Below the limit of a content, to leave room for the fence around it. */
const MISFIT_CHARS_MAX = LIMITS.contentCharsMax - 1_000;
const SECRET_FIELDS = ['headers', 'signingSecret'] as const;
/** The statuses of a complete answer: some servers answer every POST with 201. */
const ANSWER_STATUSES: readonly number[] = [200, 201];

interface HttpNeeds {
  addressPolicy: AddressPolicy;
}

/** An agent that is called over HTTP (API.md, "The http agent"). */
export const httpKind = defineAgentKind({
  kind: 'http',
  configSchema: httpConfigSchema,
  reporting: 'plain',
  maxConcurrency: 1_024,
  runMb: 1,
  errorPrefix: 'agent',
  secretFields: SECRET_FIELDS,
  addressField: 'url',
  checkConfig: ({ url }, { addressPolicy }: HttpNeeds) => assertAddressAllowed(url, addressPolicy),
  farSideOf: ({ url }) => new URL(url).host,
  checkFarSides: ({ config, signal }, { addressPolicy }) =>
    checkReachable(config.url, { addressPolicy, codePrefix: 'agent', signal }),
  run: async (run, { addressPolicy }) => outcomeOf(await post(run, addressPolicy), run),
});

async function post(run: HttpRun, addressPolicy: AddressPolicy): Promise<SafeResponse> {
  const sentAt = new Date();
  const body = await bodyOf(run, sentAt);
  return await safeFetch({
    url: run.config.url,
    method: 'POST',
    headers: headersOf(run, body, sentAt),
    body,
    signal: run.signal,
    bodyBytesMax: LIMITS.requestBodyBytesMax,
    isLongBodyCut: true,
    addressPolicy,
    // A redirected POST would either lose its body or send the prompt to an address that was not configured.
    redirectsMax: 0,
    codePrefix: 'agent',
  });
}

async function bodyOf(run: HttpRun, sentAt: Date): Promise<string> {
  const { operationId, taskId, taskIdentifier, topicId, trigger, callbackUrl } = run;
  const { occurrence, attempt, memory, config, budget } = run;
  const deadlineAt = new Date(sentAt.getTime() + config.timeoutSeconds * 1_000).toISOString();
  return JSON.stringify({
    operationId,
    taskId,
    taskIdentifier,
    topicId,
    trigger,
    occurrence,
    attempt,
    deadlineAt,
    prompt: await run.prompt(),
    memory,
    callbackUrl,
    budget,
    ...(run.review !== undefined && { review: run.review }),
  });
}

/** The configured headers may replace the first two, and none of the last. */
function headersOf({ config, occurrence }: HttpRun, body: string, sentAt: Date): Record<string, string> {
  const headers = new Headers({ accept: 'application/json', 'user-agent': 'Everbeat' });
  const own = {
    'content-type': 'application/json',
    'idempotency-key': occurrence,
    ...(config.signingSecret === undefined
      ? {}
      : signatureHeaders(config.signingSecret, { id: occurrence, sentAt, body })),
  };
  for (const [name, value] of [...Object.entries(config.headers), ...Object.entries(own)])
    headers.set(name, value);
  return Object.fromEntries(headers);
}

function outcomeOf(response: SafeResponse, { config, emit, clean }: HttpRun): AgentOutcome {
  if (response.status === 202) return { kind: 'accepted', timeoutSeconds: config.timeoutSeconds };
  const body = new TextDecoder().decode(response.body);
  if (!ANSWER_STATUSES.includes(response.status)) throw statusError(response, clean(body), config);
  if (response.isCut) throw tooLarge(response.url, clean(body));
  const reading = readAnswer(parseJson(body), clean, { farSide: new URL(config.url).host });
  if (!reading.fits) throw misfit(reading.problem, clean(body));
  for (const content of reading.notes) emit({ role: 'tool', content });
  return reading.outcome;
}

function statusError({ status, headers }: SafeResponse, body: string, config: HttpConfig): AgentError {
  const { host } = new URL(config.url);
  const shown = body.trim().slice(0, BODY_SHOWN_CHARS_MAX);
  return new AgentError(
    `agent_http_${status}`,
    `${host} answered with status ${status}; expected 200, 201 or 202. ${remedyFor(status)}${shown === '' ? '' : `\n\nIts answer begins: ${shown}`}`,
    { ...responseDetails(status, headers), farSide: host },
  );
}

/** The error for an answer beyond the limit, whose beginning is kept. */
const tooLarge = (url: string, body: string): AgentError =>
  new AgentError(
    'agent_too_large',
    `${new URL(url).host} answered with more than ${LIMITS.requestBodyBytesMax} bytes, which is the limit. The transcript shows how it begins.`,
    { content: shownBody(body) },
  );

const shownBody = (body: string): string => fenced(storableText(body.trim(), MISFIT_CHARS_MAX), '');

/**
 * What could not be read as an answer is kept as the content of the failed run, so that a person can read it.
 */
function misfit(problem: string, body: string): AgentError {
  if (body.trim() === '') {
    return new AgentError(
      'agent_bad_answer',
      'The agent answered with an empty body. It must hold at least {"content": "..."}.',
    );
  }
  return new AgentError(
    'agent_bad_answer',
    `The agent's answer does not fit: ${problem} It is shown in the transcript.`,
    { content: shownBody(body) },
  );
}

/** Undefined for what is not JSON. A model behind the agent may have put it into a code block. */
function parseJson(body: string): unknown {
  const block = /^\s*```(?:json)?\s*\n([\s\S]*?)\n\s*```\s*$/i.exec(body)?.[1];
  try {
    return JSON.parse(block ?? body);
  } catch {
    return undefined;
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
