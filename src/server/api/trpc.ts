import { AppError, type Logger } from '@everbeat/domain';
import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { ZodError } from 'zod';
import type { AgentService } from '../services/agents/AgentService';
import type { ActivityFeed } from '../services/feed/ActivityFeed';
import type { ReadService } from '../services/reads/ReadService';
import type { SystemService } from '../services/system/SystemService';
import type { TaskLifecycleService } from '../services/taskLifecycle/TaskLifecycleService';
import type { TaskRunnerService } from '../services/taskRunner/TaskRunnerService';
import type { TaskService } from '../services/tasks/TaskService';
import { appCodeOf, describeIssues, toTrpcError } from './errors';

/** What the procedures need of the container. */
export interface ApiServices {
  tasks: TaskService;
  agents: AgentService;
  reads: ReadService;
  system: SystemService;
  feed: ActivityFeed;
  lifecycle: Pick<
    TaskLifecycleService,
    'start' | 'pause' | 'resume' | 'cancel' | 'delete' | 'resolveBrief' | 'interrupt'
  >;
  runner: Pick<TaskRunnerService, 'run'>;
  logger: Logger;
}

export interface ApiContext {
  userId: string;
  container: ApiServices;
  /** Names this request in the log and in the message of an unexpected error. */
  requestId: string;
}

const PING_MS = 15_000;
/** Below the limit of serverless hosts, so that a stream ends in good order and the client connects again. */
const STREAM_MS_MAX = 280_000;

const t = initTRPC.context<ApiContext>().create({
  transformer: superjson,
  isDev: false,
  sse: {
    ping: { enabled: true, intervalMs: PING_MS },
    maxDurationMs: STREAM_MS_MAX,
    client: { reconnectAfterInactivityMs: 3 * PING_MS },
  },
  errorFormatter({ shape, error }) {
    const data = { ...shape.data, appCode: appCodeOf(error) };
    if (!(error.cause instanceof ZodError)) return { ...shape, data: { ...data, issues: null } };
    const issues = error.cause.issues.map(({ path, message }) => ({ path: path.map(String), message }));
    return { ...shape, message: describeIssues(error.cause), data: { ...data, issues } };
  },
});

/** Turns what a service threw into the error of this door; what nobody expected is logged, and said in plain words. */
const translateErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  throw toTrpcError(result.error, { logger: ctx.container.logger, requestId: ctx.requestId, path });
});

/** Deeper than any input of ours, and far from what ends the stack of whatever walks through it. */
const INPUT_DEPTH_MAX = 64;

const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1)));

/** An input that cannot even be read is the caller's fault; tRPC would take it for ours. */
const readInput = t.middleware(async ({ getRawInput, next }) => {
  const input = await getRawInput().catch(() => {
    throw new AppError('invalid-input', 'The input cannot be read');
  });
  if (isDeeperThan(input, INPUT_DEPTH_MAX)) {
    throw new AppError('invalid-input', `The input is nested deeper than ${INPUT_DEPTH_MAX} levels`);
  }
  return next();
});

export const router = t.router;
export const procedure = t.procedure.use(translateErrors).use(readInput);
export const createCallerFactory = t.createCallerFactory;
