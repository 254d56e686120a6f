import { beatLeases, type Queryable } from '@everbeat/database';
import { type Clock, errorMessage, type Logger } from '@everbeat/domain';

const BEAT_MS_MAX = 15_000;
const BEAT_MS_MIN = 250;

/** Three beats fit into a lease, so that one that is lost does not end it. */
const beatDelayMs = (leaseSeconds: number): number =>
  Math.max(BEAT_MS_MIN, Math.min(BEAT_MS_MAX, (leaseSeconds * 1_000) / 3));

/**
 * Beats the leases of all operations this process executes, with one statement a beat however many there are. An
 * operation that is no longer running in the database was ended elsewhere: its agent is stopped.
 */
export class LeaseKeeper {
  private readonly kept = new Map<string, { leaseSeconds: number; controller: AbortController | null }>();
  private timer: { delayMs: number; cancel: () => void } | null = null;

  constructor(private readonly deps: { db: Queryable; clock: Clock; logger: Logger }) {}

  /** Keeps the lease until `release`. The signal is aborted when the operation ends elsewhere, or by `abort`. */
  keep(operationId: string, leaseSeconds: number): AbortSignal {
    const controller = new AbortController();
    this.kept.set(operationId, { leaseSeconds, controller });
    const delayMs = beatDelayMs(leaseSeconds);
    if (this.timer === null || delayMs < this.timer.delayMs) this.setTimer(delayMs);
    return controller.signal;
  }

  /** The agent has ended by itself: there is nothing to stop any more. The lease is kept until the run has settled. */
  agentEnded(operationId: string): void {
    const entry = this.kept.get(operationId);
    if (entry !== undefined) entry.controller = null;
  }

  release(operationId: string): void {
    this.kept.delete(operationId);
    if (this.kept.size === 0) this.clearTimer();
  }

  abort(operationId: string): void {
    this.kept.get(operationId)?.controller?.abort();
  }

  abortAll(): void {
    for (const { controller } of this.kept.values()) controller?.abort();
  }

  private clearTimer(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private setTimer(delayMs: number): void {
    this.clearTimer();
    this.timer = { delayMs, cancel: this.deps.clock.after(delayMs, () => void this.beat()) };
  }

  private async beat(): Promise<void> {
    await this.renew();
    const delaysMs = [...this.kept.values()].map((entry) => beatDelayMs(entry.leaseSeconds));
    if (delaysMs.length > 0) this.setTimer(Math.min(...delaysMs));
  }

  /** One beat, now. Never throws: a beat that is lost is followed by others. */
  async renew(): Promise<void> {
    const operationIds = [...this.kept.keys()];
    if (operationIds.length === 0) return;
    try {
      const alive = await beatLeases(this.deps.db, operationIds, this.deps.clock.now());
      for (const id of operationIds) if (!alive.has(id)) this.abort(id);
    } catch (error) {
      this.deps.logger.warn(
        { operations: operationIds.length, reason: errorMessage(error) },
        'Leases could not be renewed',
      );
    }
  }
}
