import { appRouter } from '@/server/api/routers';
import { createCallerFactory } from '@/server/api/trpc';
import type { Container } from '@/server/container/container';

/** Other fields that an input needs to pass validation. */
export const REQUIRED = {
  instruction: 'x',
  content: 'x',
  action: 'approve',
  name: 'x',
  kind: 'watch',
  config: {},
  id: '',
};

/** Calls a procedure by its path, with an input of any shape. Subscriptions end after 50 ms. */
export async function callAnything(
  container: Container,
  userId: string,
  name: string,
  input: unknown,
): Promise<unknown> {
  const ending = AbortSignal.timeout(50);
  const caller = createCallerFactory(appRouter)({ userId, container, requestId: 'test' }, { signal: ending });
  const procedure = name.split('.').reduce<unknown>((node, key) => Reflect.get(Object(node), key), caller);
  if (typeof procedure !== 'function') throw new Error(`There is no procedure ${name}`);
  const answer: unknown = await Reflect.apply(procedure, undefined, [input]);
  if (!isStream(answer)) return answer;
  const streamed: unknown[] = [];
  for await (const event of answer) streamed.push(event);
  return { streamed };
}

const isStream = (answer: unknown): answer is AsyncIterable<unknown> =>
  typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
