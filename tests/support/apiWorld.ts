import { AppError, type AppErrorCode } from '@everbeat/domain';
import { TRPCError } from '@trpc/server';
import { appRouter } from '@/server/api/routers';
import { createCallerFactory } from '@/server/api/trpc';
import { createWorld, type World, type WorldOptions } from './world';

const createCaller = createCallerFactory(appRouter);
export type Api = ReturnType<typeof createCaller>;

/** A world whose API two users call. */
export interface ApiWorld extends World {
  /** The API as called by the world's user, who owns the tasks. */
  ada: Api;
  /** The API as called by another user, who owns nothing. */
  bob: Api;
}

export async function createApiWorld(options: WorldOptions = {}): Promise<ApiWorld> {
  const world = await createWorld(options);
  if (options.database === undefined) await world.createUser('bob');
  const apiOf = (userId: string): Api => createCaller({ userId, container: world, requestId: 'test' });
  return { ...world, ada: apiOf(world.userId), bob: apiOf('bob') };
}

export interface Refusal {
  code: TRPCError['code'];
  appCode: AppErrorCode | null;
  message: string;
}

/** The error of a call that must fail. Rejects if the call succeeds. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => new Error('The call was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCError)) throw error;
  const { code, message, cause } = error;
  return { code, message, appCode: cause instanceof AppError ? cause.code : null };
}
