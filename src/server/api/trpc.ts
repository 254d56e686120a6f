import { AppError, describeIssues } from '@everbeat/domain';
import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { ZodError } from 'zod';
import type { Container } from '../container/container';
import { appCodeOf, toTrpcError } from './errors';

type ApiServices = Pick<
  Container,
  | 'tasks'
  | 'channels'
  | 'bots'
  | 'documents'
  | 'agents'
  | 'mcpServers'
  | 'models'
  | 'readiness'
  | 'reads'
  | 'spend'
  | 'system'
  | 'feed'
  | 'inbox'
  | 'feeds'
  | 'savedFilters'
  | 'lifecycle'
  | 'runner'
  | 'transfer'
  | 'workspaces'
  | 'logger'
>;

export interface ApiContext {
  userId: string;
  container: ApiServices;
  /** Identifies this request in the log, in `x-request-id` and in the message of an unexpected error. */
  requestId: string;
}

const t = initTRPC.context<ApiContext>().create({
  transformer: superjson,
  isDev: false,
  errorFormatter({ shape, error }) {
    const data = { ...shape.data, appCode: appCodeOf(error) };
    if (!(error.cause instanceof ZodError)) return { ...shape, data: { ...data, issues: null } };
    const issues = error.cause.issues.map(({ path, message }) => ({ path: path.map(String), message }));
    return { ...shape, message: describeIssues(error.cause), data: { ...data, issues } };
  },
});

/**
 * Turns errors of services into tRPC errors. Unexpected ones are logged and replaced by a general message.
 */
const translateErrors = t.middleware(async ({ ctx, path, next }) => {
  const result = await next();
  if (result.ok) return result;
  throw toTrpcError(result.error, { logger: ctx.container.logger, requestId: ctx.requestId, path });
});

/** Deeper than any valid input, and far below the depth at which recursive code overflows the stack. */
const INPUT_DEPTH_MAX = 64;

const isDeeperThan = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((part) => isDeeperThan(part, levels - 1)));

/** Input that cannot be parsed is `invalid-input`; tRPC would report an internal error. */
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

/** Changes what agents may need to run, so that they are checked again soon. */
export const agentNeedsProcedure = procedure.use(async ({ ctx, next }) => {
  const result = await next();
  if (result.ok) await ctx.container.readiness.recheck(ctx.userId);
  return result;
});

export const createCallerFactory = t.createCallerFactory;
