import type { TaskEventView } from '@everbeat/domain';
import { type TrackedEnvelope, tracked } from '@trpc/server';
import { type FailedCall, toTrpcError } from '../errors';

/**
 * The events with their ids, from which a client resumes. An error of the stream is translated like any
 * other.
 */
export async function* trackedEvents(
  events: AsyncIterable<TaskEventView>,
  call: FailedCall,
): AsyncGenerator<TrackedEnvelope<TaskEventView>, void> {
  try {
    for await (const event of events) yield tracked(event.id, event);
  } catch (error) {
    throw toTrpcError(error, call);
  }
}
