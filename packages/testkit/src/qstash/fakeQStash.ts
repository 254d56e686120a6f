import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Clock } from '@everbeat/domain';
import { systemClock } from '@everbeat/scheduler';
import { Broker } from './broker';
import { QSTASH_DEVELOPMENT } from './constants';
import type { Faults } from './faults';
import type { ApiContext } from './http';
import { answerRequest } from './http';
import type { DeadLetter, QStashDelivery, QStashMessage } from './records';
import type { QStashSchedule } from './schedules';
import { Schedules } from './schedules';

export interface FakeQStashOptions {
  /** 0: any free port. */
  port?: number;
  host?: string;
  /** Decides when messages are due. Signatures follow the wall clock, because the SDK's receiver knows no other. */
  clock?: Clock;
  token?: string;
  currentSigningKey?: string;
  nextSigningKey?: string;
  /** False: nothing is delivered but by `flush` and `deliverNext`. */
  autoDeliver?: boolean;
  /** Multiplies the waits between retries, 12 s, 148 s and 1808 s. */
  retryScale?: number;
}

/** A fake QStash server: the same HTTP API on loopback, with inspection and fault injection. */
export interface FakeQStash {
  readonly url: string;
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  readonly faults: Faults;
  /** Accepted and not yet delivered or given up. */
  messages(): QStashMessage[];
  /** Every message that was ever accepted, duplicates left out. */
  published(): QStashMessage[];
  /** Every attempt so far, in the order of their ends. */
  deliveries(): QStashDelivery[];
  deadLetters(): DeadLetter[];
  schedules(): QStashSchedule[];
  /** Delivers all that is due now, and what that makes due, and waits until it is done. */
  flush(): Promise<void>;
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>;
  /** Delivers the message that is due first, due or not; null when none waits. */
  deliverNext(): Promise<QStashDelivery | null>;
  /** Publishes a schedule's message now, whatever its pattern says. */
  fireSchedule(scheduleId: string): { messageId: string };
  /** Resolves with the first message ever published that matches. */
  waitForMessage(matching: (message: QStashMessage) => boolean): Promise<QStashMessage>;
  /** Resolves with the first attempt ever made that matches. */
  waitForDelivery(matching: (delivery: QStashDelivery) => boolean): Promise<QStashDelivery>;
  /** Ends what is under way and stops listening. */
  close(): Promise<void>;
}

function listen(context: ApiContext, { token, port, host }: { token: string; port: number; host: string }) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const authorized = request.headers.authorization === `Bearer ${token}`;
      const answer = authorized
        ? answerRequest(context, {
            method: request.method ?? 'GET',
            target: request.url ?? '/',
            headers: request.headers,
            body: Buffer.concat(chunks),
          })
        : { status: 401, body: { error: 'unauthorized' } };
      if (answer === 'breakConnection') {
        request.socket.destroy();
        return;
      }
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  });
  return new Promise<Server>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function urlOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://${address.address}:${address.port}`;
}

export async function startFakeQStash(options: FakeQStashOptions = {}): Promise<FakeQStash> {
  const { clock = systemClock, autoDeliver = true, retryScale = 1, port = 0, host = '127.0.0.1' } = options;
  const token = options.token ?? QSTASH_DEVELOPMENT.token;
  const currentSigningKey = options.currentSigningKey ?? QSTASH_DEVELOPMENT.currentSigningKey;
  const nextSigningKey = options.nextSigningKey ?? QSTASH_DEVELOPMENT.nextSigningKey;

  const broker = new Broker({ clock, signingKey: currentSigningKey, autoDeliver, retryScale });
  const fire = ({ request, scheduleId }: QStashSchedule) => broker.publish(request, scheduleId);
  const schedules = new Schedules({ clock, fire });
  const keys = { current: currentSigningKey, next: nextSigningKey };
  const server = await listen({ broker, schedules, keys }, { token, port, host });

  return {
    url: urlOf(server),
    token,
    currentSigningKey,
    nextSigningKey,
    faults: broker.faults,
    messages: () => [...broker.pending.values()],
    published: () => [...broker.published],
    deliveries: () => [...broker.deliveries],
    deadLetters: () => [...broker.deadLetters.values()],
    schedules: () => schedules.list(),
    flush: () => broker.flush(),
    idle: () => broker.idle(),
    deliverNext: () => broker.deliverNext(),
    fireSchedule(scheduleId) {
      const schedule = schedules.get(scheduleId);
      if (schedule === undefined) throw new Error(`There is no schedule ${scheduleId}`);
      return fire(schedule);
    },
    waitForMessage: (matching) => broker.signals.until(() => broker.published.find(matching)),
    waitForDelivery: (matching) => broker.signals.until(() => broker.deliveries.find(matching)),
    async close() {
      schedules.close();
      await broker.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
