import type { IncomingMessage } from 'node:http';
import type { Broker } from './broker';
import { BadRequestError, parsePublishRequest } from './publishRequest';
import { deadLetterJson, messageJson } from './records';
import type { Schedules } from './schedules';
import { scheduleJson } from './schedules';

export interface Answer {
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
  /** What follows the route: an id, or a destination exactly as it was written. */
  rest: string;
}

const notFound = (what: string): Answer => ({ status: 404, body: { error: `${what} not found` } });

function publish({ broker, headers, body, rest }: ApiRequest): Answer {
  const { messageId, deduplicated } = broker.publish(parsePublishRequest(rest, headers, body));
  if (deduplicated) return { status: 202, body: { messageId, deduplicated: true } };
  return { status: 201, body: { messageId, url: rest } };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function publishBatch({ broker, body }: ApiRequest): Answer {
  const items: unknown = JSON.parse(body.toString('utf8'));
  if (!Array.isArray(items)) throw new BadRequestError('a batch is an array');
  const answers = items.map((item: unknown) => {
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
  return { status: 200, body: answers };
}

function getMessage({ broker, rest }: ApiRequest): Answer {
  const message = broker.pending.get(rest);
  return message === undefined ? notFound(`message ${rest}`) : { status: 200, body: messageJson(message) };
}

function deleteMessage({ broker, rest, query }: ApiRequest): Answer {
  if (rest !== '') {
    return broker.cancel(rest) ? { status: 202, body: { cancelled: 1 } } : notFound(`message ${rest}`);
  }
  const ids = query.getAll('messageIds');
  if (ids.length === 0) throw new BadRequestError('this fake QStash cancels by message ids only');
  return { status: 202, body: { cancelled: ids.filter((id) => broker.cancel(id)).length } };
}

function createSchedule({ schedules, headers, body, rest }: ApiRequest): Answer {
  const cron = headers['upstash-cron'];
  if (typeof cron !== 'string') throw new BadRequestError('Upstash-Cron is missing');
  const id = headers['upstash-schedule-id'];
  const request = parsePublishRequest(rest, headers, body);
  const { scheduleId } = schedules.create(typeof id === 'string' ? id : null, cron, request);
  return { status: 201, body: { scheduleId } };
}

function getSchedules({ schedules, rest }: ApiRequest): Answer {
  if (rest === '') return { status: 200, body: schedules.list().map(scheduleJson) };
  const schedule = schedules.get(rest);
  return schedule === undefined
    ? notFound(`schedule ${rest}`)
    : { status: 200, body: scheduleJson(schedule) };
}

function deleteSchedule({ schedules, rest }: ApiRequest): Answer {
  return schedules.delete(rest) ? { status: 202 } : notFound(`schedule ${rest}`);
}

function pauseOrResumeSchedule({ schedules, rest }: ApiRequest): Answer {
  const [id = '', action] = rest.split('/');
  const schedule = schedules.get(id);
  if (schedule === undefined || (action !== 'pause' && action !== 'resume'))
    return notFound(`schedule ${rest}`);
  schedule.isPaused = action === 'pause';
  return { status: 200 };
}

const getDeadLetters = ({ broker }: ApiRequest): Answer => ({
  status: 200,
  body: { messages: [...broker.deadLetters.values()].map(deadLetterJson) },
});

const deleteDeadLetter = ({ broker, rest }: ApiRequest): Answer =>
  broker.deadLetters.delete(rest) ? { status: 202 } : notFound(`dead letter ${rest}`);

const ROUTES: Record<string, (request: ApiRequest) => Answer> = {
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
  /** The request's target as it came: a destination within it is not to be normalised. */
  target: string;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Answers one request of the REST interface; `breakConnection` asks the server for no answer at all. */
export function answerRequest(
  context: ApiContext,
  { method, target, headers, body }: WireRequest,
): Answer | 'breakConnection' {
  const [, route = '', rest = ''] = /^\/v2\/([a-z]+)\/?(.*)$/s.exec(target) ?? [];
  // A query after a destination is the destination's own.
  const [path = '', query = ''] = method === 'POST' ? [rest] : rest.split('?', 2);
  const handle = ROUTES[`${method} ${route}`];
  if (handle === undefined) return notFound(target);

  const fault = route === 'publish' || route === 'batch' ? context.broker.faults.takeForPublish() : null;
  if (fault === 'refuse') return { status: 500, body: { error: 'internal error' } };
  if (fault === 'reset') return 'breakConnection';
  const answer = handled(() =>
    handle({ ...context, headers, body, rest: path, query: new URLSearchParams(query) }),
  );
  return fault === 'lose-answer' ? 'breakConnection' : answer;
}

function handled(handle: () => Answer): Answer {
  try {
    return handle();
  } catch (error) {
    if (error instanceof BadRequestError || error instanceof SyntaxError) {
      return { status: 400, body: { error: error.message } };
    }
    throw error;
  }
}
