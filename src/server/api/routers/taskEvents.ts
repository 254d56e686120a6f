import type { TaskEventView } from '@everbeat/domain';
import { type TrackedEnvelope, tracked } from '@trpc/server';
import { type FailedCall, toTrpcError } from '../errors';

/** The events under their ids, by which a client resumes; what ends the stream is translated as any other error. */
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
