import type { DeliveryStatus } from '@everbeat/domain';
import type { Coverage } from './coverage';
import type { SimulatedChannels } from './simulatedChannels';
import type { DeliveryRow, Reading, Snapshot } from './snapshot';

interface Parts {
  channels: SimulatedChannels;
  coverage: Coverage;
  reportViolation(what: string): void;
}

/** Ends a delivery, unless a person asks for it. */
const ENDED: readonly DeliveryStatus[] = ['sent', 'failed', 'unknown', 'skipped'];

/**
 * Checks after every step what the rows of deliveries say (invariant 14). The channels check what is sent.
 */
export class DeliveryChecks {
  /** The disturbances before the last attempt at each delivery. */
  private readonly before = new Map<string, number>();
  private disturbances = 0;

  constructor(private readonly parts: Parts) {}

  check({ deliveries, untold }: Reading, { deliveries: known, briefs }: Snapshot): void {
    const { coverage, reportViolation } = this.parts;
    // The rows of earlier ones may have been removed since, by a clock that was years ahead.
    if (untold.some(({ id }) => !briefs.has(id)))
      reportViolation('14: a brief that a rule sends has no delivery');
    for (const is of deliveries) {
      const was = known.get(is.id);
      if (was === undefined && is.channel !== null && (is.rule ?? 'never') === 'never')
        reportViolation('14: a delivery that no rule sends');
      if ((was?.attempts ?? 0) < is.attempts) this.before.set(is.id, this.disturbances);
      if (was?.status === is.status && was.attempts === is.attempts) continue;
      coverage.count('delivery', is.reason === null ? is.status : `${is.status}, ${is.reason}`);
      if (is.kind === 'unanswered' && is.status === 'sent') coverage.count('question', 'asked again, sent');
      this.checkChange(is, was);
    }
    this.disturbances = coverage.disturbances;
  }

  private checkChange(is: DeliveryRow, was: DeliveryRow | undefined): void {
    const { channels, coverage, reportViolation } = this.parts;
    const wasEnded = was !== undefined && ENDED.includes(was.status);
    if (wasEnded && !channels.wasAskedFor(is.id))
      reportViolation(`14: a delivery that was ${was.status} became ${is.status}`);
    const messageId = is.message_id ?? '';
    if (is.status === 'sent' && !channels.takenIds.has(messageId))
      reportViolation('14: a delivery is recorded as sent that its channel has not taken');
    if (is.status !== 'unknown') return;
    const isDisturbed = coverage.disturbances > (this.before.get(is.id) ?? 0);
    if (!isDisturbed && !channels.unansweredIds.has(messageId))
      reportViolation('14: a delivery is unknown although nothing has ended its process or lost an answer');
  }
}
