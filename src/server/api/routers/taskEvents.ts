import type { TaskEventView } from '@everbeat/domain';
import { type TrackedEnvelope, tracked } from '@trpc/server';
import type { z } from 'zod';
import { type FailedCall, toTrpcError } from '../errors';
import type { ApiContext } from '../trpc';
import type { onEventInput } from './inputs';

/**
 * The events of the user, or of one task, in the parts in which they are committed.
 * @throws AppError `task-not-found`, `unavailable`
 */
export async function openEvents(
  { container: { feed, reads }, userId }: ApiContext,
  { taskId: ref, lastEventId }: z.infer<typeof onEventInput>,
  signal: AbortSignal | undefined,
): Promise<AsyncGenerator<readonly TaskEventView[], void>> {
  const taskId = ref === undefined ? undefined : await reads.taskId(userId, ref);
  return feed.subscribe({ userId, taskId, lastEventId, signal });
}

/**
 * The events with their ids, from which a client resumes. An error of the stream is translated like any
 * other.
 */
export async function* trackedEvents(
  parts: AsyncIterable<readonly TaskEventView[]>,
  call: FailedCall,
): AsyncGenerator<TrackedEnvelope<TaskEventView>, void> {
  try {
    for await (const events of parts) for (const event of events) yield tracked(event.id, event);
  } catch (error) {
    throw toTrpcError(error, call);
  }
}
