import type { IncomingMessage } from 'node:http';
import type { Broker } from './broker';
import { BadRequestError, parsePublishRequest } from './publishRequest';
import { deadLetterJson, messageJson } from './records';
import type { Schedules } from './schedules';
import { scheduleJson } from './schedules';

export interface ApiResponse {
  status: number;
  body?: unknown;
}

export interface ApiContext {
  broker: Broker;
  schedules: Schedules;
  keys: { current: string; next: string };
}

interface ApiRequest extends ApiContext {
  headers: IncomingMessage['headers'];
  body: Buffer;
  query: URLSearchParams;
  /** The rest of the path: an id, or a destination exactly as it was sent. */
  rest: string;
}

const notFound = (what: string): ApiResponse => ({ status: 404, body: { error: `${what} not found` } });

function publish({ broker, headers, body, rest }: ApiRequest): ApiResponse {
  const { messageId, deduplicated } = broker.publish(parsePublishRequest(rest, headers, body));
  if (deduplicated) return { status: 202, body: { messageId, deduplicated: true } };
  return { status: 201, body: { messageId, url: rest } };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function publishBatch({ broker, body }: ApiRequest): ApiResponse {
  const items: unknown = JSON.parse(body.toString('utf8'));
  if (!Array.isArray(items)) throw new BadRequestError('a batch is an array');
  const responses = items.map((item: unknown) => {
    try {
      if (!isRecord(item) || typeof item.destination !== 'string') {
        throw new BadRequestError('an item needs a destination');
      }
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(isRecord(item.headers) ? item.headers : {})) {
        headers[name.toLowerCase()] = String(value);
      }
      const itemBody = Buffer.from(typeof item.body === 'string' ? item.body : '');
      const { messageId, deduplicated } = broker.publish(
        parsePublishRequest(item.destination, headers, itemBody),
      );
      return { messageId, url: item.destination, ...(deduplicated && { deduplicated }) };
    } catch (error) {
      return { error: error instanceof Error ? error.message : String(error) };
    }
  });
  return { status: 200, body: responses };
}

function getMessage({ broker, rest }: ApiRequest): ApiResponse {
  const message = broker.pending.get(rest);
  return message === undefined ? notFound(`message ${rest}`) : { status: 200, body: messageJson(message) };
}

function deleteMessage({ broker, rest, query }: ApiRequest): ApiResponse {
  if (rest !== '') {
    return broker.cancel(rest) ? { status: 202, body: { cancelled: 1 } } : notFound(`message ${rest}`);
  }
  const ids = query.getAll('messageIds');
  if (ids.length === 0) throw new BadRequestError('this fake QStash cancels by message ids only');
  return { status: 202, body: { cancelled: ids.filter((id) => broker.cancel(id)).length } };
}

function createSchedule({ schedules, headers, body, rest }: ApiRequest): ApiResponse {
  const cron = headers['upstash-cron'];
  if (typeof cron !== 'string') throw new BadRequestError('Upstash-Cron is missing');
  const id = headers['upstash-schedule-id'];
  const request = parsePublishRequest(rest, headers, body);
  const { scheduleId } = schedules.create(typeof id === 'string' ? id : null, cron, request);
  return { status: 201, body: { scheduleId } };
}

function getSchedules({ schedules, rest }: ApiRequest): ApiResponse {
  if (rest === '') return { status: 200, body: schedules.list().map(scheduleJson) };
  const schedule = schedules.get(rest);
  return schedule === undefined
    ? notFound(`schedule ${rest}`)
    : { status: 200, body: scheduleJson(schedule) };
}

function deleteSchedule({ schedules, rest }: ApiRequest): ApiResponse {
  return schedules.delete(rest) ? { status: 202 } : notFound(`schedule ${rest}`);
}

function pauseOrResumeSchedule({ schedules, rest }: ApiRequest): ApiResponse {
  const [id = '', action] = rest.split('/');
  const schedule = schedules.get(id);
  if (schedule === undefined || (action !== 'pause' && action !== 'resume'))
    return notFound(`schedule ${rest}`);
  schedule.isPaused = action === 'pause';
  return { status: 200 };
}

const getDeadLetters = ({ broker }: ApiRequest): ApiResponse => ({
  status: 200,
  body: { messages: [...broker.deadLetters.values()].map(deadLetterJson) },
});

const deleteDeadLetter = ({ broker, rest }: ApiRequest): ApiResponse =>
  broker.deadLetters.delete(rest) ? { status: 202 } : notFound(`dead letter ${rest}`);

const ROUTES: Record<string, (request: ApiRequest) => ApiResponse> = {
  'POST publish': publish,
  'POST batch': publishBatch,
  'GET messages': getMessage,
  'DELETE messages': deleteMessage,
  'POST schedules': createSchedule,
  'GET schedules': getSchedules,
  'DELETE schedules': deleteSchedule,
  'PATCH schedules': pauseOrResumeSchedule,
  'GET keys': ({ keys }) => ({ status: 200, body: keys }),
  'GET dlq': getDeadLetters,
  'DELETE dlq': deleteDeadLetter,
};

export interface WireRequest {
  method: string;
  /** The request target unchanged: a destination in it must not be normalised. */
  target: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/**
 * Handles one API request. `breakConnection` means that the server closes the connection without a response.
 */
export function handleRequest(
  context: ApiContext,
  { method, target, headers, body }: WireRequest,
): ApiResponse | 'breakConnection' {
  const [, route = '', rest = ''] = /^\/v2\/([a-z]+)\/?(.*)$/s.exec(target) ?? [];
  // After a destination, the query belongs to the destination.
  const [path = '', query = ''] = method === 'POST' ? [rest] : rest.split('?', 2);
  const handle = ROUTES[`${method} ${route}`];
  if (handle === undefined) return notFound(target);

  const fault = route === 'publish' || route === 'batch' ? context.broker.faults.takeForPublish() : null;
  if (fault === 'refuse') return { status: 500, body: { error: 'internal error' } };
  if (fault === 'reset') return 'breakConnection';
  const response = handled(() =>
    handle({ ...context, headers, body, rest: path, query: new URLSearchParams(query) }),
  );
  return fault === 'lose-answer' ? 'breakConnection' : response;
}

function handled(handle: () => ApiResponse): ApiResponse {
  try {
    return handle();
  } catch (error) {
    if (error instanceof BadRequestError || error instanceof SyntaxError) {
      return { status: 400, body: { error: error.message } };
    }
    throw error;
  }
}
