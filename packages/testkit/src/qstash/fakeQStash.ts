import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { Clock } from '@everbeat/domain';
import { systemClock } from '@everbeat/scheduler';
import { Broker } from './broker';
import { QSTASH_DEVELOPMENT } from './constants';
import type { Faults } from './faults';
import type { ApiContext } from './http';
import { handleRequest } from './http';
import type { DeadLetter, QStashDelivery, QStashMessage } from './records';
import type { QStashSchedule } from './schedules';
import { Schedules } from './schedules';

export interface FakeQStashOptions {
  /** Default 0: any free port. */
  port?: number;
  host?: string;
  /**
   * The clock for due times; default the system's. Signatures use real time, as the SDK's receiver expects.
   */
  clock?: Clock;
  token?: string;
  currentSigningKey?: string;
  nextSigningKey?: string;
  /** If false, messages are delivered only by `flush` and `deliverNext`. */
  autoDeliver?: boolean;
  /** A factor for the delays of retries: 12 s, 148 s and 1808 s. */
  retryScale?: number;
}

/** A fake QStash server: the same HTTP API on loopback, with inspection and fault injection. */
export interface FakeQStash {
  readonly url: string;
  readonly token: string;
  readonly currentSigningKey: string;
  readonly nextSigningKey: string;
  readonly faults: Faults;
  /** Pending messages: neither delivered nor dead. */
  messages(): QStashMessage[];
  /** Every message that was accepted, without duplicates. */
  published(): QStashMessage[];
  /** Every delivery attempt so far, in the order in which they ended. */
  deliveries(): QStashDelivery[];
  deadLetters(): DeadLetter[];
  schedules(): QStashSchedule[];
  /** Delivers everything that is due now, including what becomes due by it. */
  flush(): Promise<void>;
  /** Resolves when no delivery is under way. */
  idle(): Promise<void>;
  /** Delivers the pending message with the earliest due time now; null if none is pending. */
  deliverNext(): Promise<QStashDelivery | null>;
  /** Publishes a schedule's message now. */
  fireSchedule(scheduleId: string): { messageId: string };
  /** Resolves with the first published message that matches, past or future. */
  waitForMessage(matching: (message: QStashMessage) => boolean): Promise<QStashMessage>;
  /** Resolves with the first delivery attempt that matches, past or future. */
  waitForDelivery(matching: (delivery: QStashDelivery) => boolean): Promise<QStashDelivery>;
  /** Aborts the deliveries under way and stops the server. */
  close(): Promise<void>;
}

function listen(context: ApiContext, { token, port, host }: { token: string; port: number; host: string }) {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const authorized = request.headers.authorization === `Bearer ${token}`;
      const result = authorized
        ? handleRequest(context, {
            method: request.method ?? 'GET',
            target: request.url ?? '/',
            headers: request.headers,
            body: Buffer.concat(chunks),
          })
        : { status: 401, body: { error: 'unauthorized' } };
      if (result === 'breakConnection') {
        request.socket.destroy();
        return;
      }
      response.writeHead(result.status, { 'content-type': 'application/json' });
      response.end(result.body === undefined ? '' : JSON.stringify(result.body));
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
