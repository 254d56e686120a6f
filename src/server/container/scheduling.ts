import { type DatabaseConnection, loadArmedTicks } from '@everbeat/database';
import type { Clock, Logger, SchedulerKind } from '@everbeat/domain';
import {
  createQStashClient,
  createSignatureVerifier,
  LocalTaskScheduler,
  type LocalTaskSchedulerOptions,
  QStashPublisher,
  QStashTaskScheduler,
  type SignatureVerifier,
  type TaskScheduler,
  WEBHOOK_PATHS,
} from '@everbeat/scheduler';
import type { Env } from '@/env/parseEnv';
import type { DeliveryQueue } from '../services/deliveries/ports';
import { toCompletionBody } from '../services/taskLifecycle/completionMessage';
import type { RunQueue } from '../services/taskRunner/ports';

export interface SchedulingParts {
  env: Env;
  database: DatabaseConnection;
  clock: Clock;
  logger: Logger;
}

const qstashOptions = ({ env, clock, logger }: SchedulingParts) => ({
  client: createQStashClient({ url: env.QSTASH_URL, token: env.QSTASH_TOKEN ?? '' }),
  appUrl: env.APP_URL,
  maxDelaySeconds: env.QSTASH_MAX_DELAY_SECONDS,
  forwardHeaders: env.QSTASH_FORWARD_HEADERS,
  clock,
  logger,
});

/** What a scheduler of this process needs to start runs itself. */
type Delivery = Pick<LocalTaskSchedulerOptions, 'room' | 'deliver'>;

const SCHEDULERS: Record<SchedulerKind, (parts: SchedulingParts, delivery: Delivery) => TaskScheduler> = {
  local: ({ clock, logger, database }, delivery) =>
    new LocalTaskScheduler({
      clock,
      logger,
      loadDue: (window) => loadArmedTicks(database.pool, window),
      ...delivery,
    }),
  qstash: (parts) => new QStashTaskScheduler(qstashOptions(parts)),
};

/** The scheduler named by TASK_SCHEDULER. The rest of the system does not know which one it is. */
export const createTaskScheduler = (parts: SchedulingParts, delivery: Delivery): TaskScheduler =>
  SCHEDULERS[parts.env.TASK_SCHEDULER](parts, delivery);

/** Commits that come close together, on any number of hosts, ask for one request. */
const DELIVER_SLOT_MS = 10_000;

/**
 * Queue mode: QStash delivers runs, late completions and the sending of messages as requests. Null in local
 * mode.
 */
export function createRunQueue(parts: SchedulingParts): (RunQueue & DeliveryQueue) | null {
  if (parts.env.AGENT_RUNTIME_MODE !== 'queue') return null;
  const publisher = new QStashPublisher(qstashOptions(parts));
  return {
    async execute({ operationId, leaseEpoch }) {
      const deduplicationId = `execute-${operationId}-${leaseEpoch}`;
      await publisher.publish({ path: WEBHOOK_PATHS.agentExecute, body: { operationId }, deduplicationId });
    },
    async deliver({ about, at }) {
      // A request may end without having sent it. QStash would take a later one of the same name for a
      // duplicate.
      const slot = Math.floor(at.getTime() / DELIVER_SLOT_MS);
      const deduplicationId = `deliver-${about}-${slot}`;
      await publisher.publish({ path: WEBHOOK_PATHS.deliver, body: {}, deduplicationId });
    },
    async complete(completion) {
      const deduplicationId = `complete-${completion.operationId}`;
      const body = toCompletionBody(completion);
      await publisher.publish({ path: WEBHOOK_PATHS.onTopicComplete, body, deduplicationId });
    },
  };
}

/** For an installation that others can reach but that has no signing keys. */
const refuseAll: SignatureVerifier = {
  verify: async () => ({ ok: false, reason: 'no signing keys are set' }),
};

/** Null skips verification: only without keys, in local mode, and when only this machine can call. */
export function createVerifier(env: Env, isPrivate: boolean): SignatureVerifier | null {
  const { QSTASH_CURRENT_SIGNING_KEY: currentSigningKey, QSTASH_NEXT_SIGNING_KEY: nextSigningKey } = env;
  if (currentSigningKey !== undefined && nextSigningKey !== undefined) {
    return createSignatureVerifier({ currentSigningKey, nextSigningKey });
  }
  const hasNoKeys = currentSigningKey === undefined && nextSigningKey === undefined;
  return hasNoKeys && env.AGENT_RUNTIME_MODE === 'local' && isPrivate ? null : refuseAll;
}
