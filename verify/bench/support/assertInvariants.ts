import type { Queryable } from '@everbeat/database';
import { findViolations } from '@everbeat/testkit';

/** An overloaded loop may leave many ticks overdue; one that is a day late is lost. */
const HORIZON_SECONDS = 86_400;

/** @throws Error if the database violates an invariant: the figures of a wrong run are not reported */
export async function assertInvariants(db: Queryable, now: Date): Promise<void> {
  const violations = await findViolations(db, { now, horizonSeconds: HORIZON_SECONDS });
  if (violations.length > 0) {
    throw new Error(
      `${violations.length} violations of the invariants, the first: ${violations[0]?.violation}`,
    );
  }
}
