import { AppError, type AppErrorCode } from '@everbeat/domain';
import { TRPCError } from '@trpc/server';
import { appRouter } from '@/server/api/routers';
import { createCallerFactory } from '@/server/api/trpc';
import { createWorld, type World, type WorldOptions } from './world';

const createCaller = createCallerFactory(appRouter);
export type Api = ReturnType<typeof createCaller>;

/** The procedures over a world, as each of its users calls them. */
export interface ApiWorld extends World {
  /** The world's own user. */
  ada: Api;
  /** Somebody else, with nothing of their own. */
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

/** How a call was refused; a call that went through is an error of the test. */
export async function refusalOf(call: Promise<unknown>): Promise<Refusal> {
  const error = await call.then(
    () => new Error('The call was not refused'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof TRPCError)) throw error;
  const { code, message, cause } = error;
  return { code, message, appCode: cause instanceof AppError ? cause.code : null };
}
