import { beatLeases, type HeldOperation, type Queryable } from '@everbeat/database';
import { type Clock, errorMessage, type Logger } from '@everbeat/domain';

const RENEWAL_MS_MAX = 15_000;
const RENEWAL_MS_MIN = 250;

/** Three renewals fit into a lease, so that one that fails does not end it. */
const renewalDelayMs = (leaseSeconds: number): number =>
  Math.max(RENEWAL_MS_MIN, Math.min(RENEWAL_MS_MAX, (leaseSeconds * 1_000) / 3));

interface HeldLease {
  leaseSeconds: number;
  leaseEpoch: number;
  /** When it was renewed last, in milliseconds since the epoch. */
  renewedAtMs: number;
  /** Null: the agent has ended. */
  controller: AbortController | null;
}

/**
 * Renews the leases of all operations that this process executes, in one statement per renewal, however many
 * there are (PROTOCOL §5). An operation that is no longer running in the database was ended elsewhere: its
 * agent is stopped.
 */
export class LeaseKeeper {
  private readonly held = new Map<string, HeldLease>();
  private timer: { delayMs: number; cancel: () => void } | null = null;

  constructor(private readonly deps: { db: Queryable; clock: Clock; logger: Logger }) {}

  /**
   * Renews the lease, which began at `from`, until `release`. The signal is aborted when the operation ends
   * elsewhere, or by `abort`.
   */
  hold(
    { operationId, leaseEpoch }: HeldOperation,
    { leaseSeconds, from }: { leaseSeconds: number; from: Date },
  ): AbortSignal {
    const controller = new AbortController();
    this.held.set(operationId, { leaseSeconds, leaseEpoch, renewedAtMs: from.getTime(), controller });
    const delayMs = renewalDelayMs(leaseSeconds);
    if (this.timer === null || delayMs < this.timer.delayMs) this.setTimer(delayMs);
    return controller.signal;
  }

  /**
   * The agent has ended, so there is nothing left to abort. The lease is renewed until the run has settled.
   */
  agentEnded(operationId: string): void {
    const entry = this.held.get(operationId);
    if (entry !== undefined) entry.controller = null;
  }

  release(operationId: string): void {
    this.held.delete(operationId);
    if (this.held.size === 0) this.clearTimer();
  }

  abort(operationId: string): void {
    this.held.get(operationId)?.controller?.abort();
  }

  abortAll(): void {
    for (const { controller } of this.held.values()) controller?.abort();
  }

  /**
   * To be called after a wait, before anything is done for the operation. If its lease is over by then, because this
   * process or its host stood still, others may have ended it: it is aborted unless the lease can be renewed.
   */
  async confirm(operationId: string): Promise<void> {
    if (!this.isOver(operationId)) return;
    await this.renew();
    if (this.isOver(operationId)) this.abort(operationId);
  }

  private isOver(operationId: string): boolean {
    const lease = this.held.get(operationId);
    if (lease === undefined) return true;
    return this.deps.clock.now().getTime() > lease.renewedAtMs + lease.leaseSeconds * 1_000;
  }

  /** Renews all leases now. Never throws: a renewal that fails is followed by others. */
  async renew(): Promise<void> {
    const held = [...this.held].map(([operationId, { leaseEpoch }]) => ({ operationId, leaseEpoch }));
    if (held.length === 0) return;
    try {
      const now = this.deps.clock.now();
      const alive = await beatLeases(this.deps.db, held, now);
      for (const { operationId } of held) if (!alive.has(operationId)) this.abort(operationId);
      for (const id of alive) {
        const lease = this.held.get(id);
        if (lease !== undefined) lease.renewedAtMs = now.getTime();
      }
    } catch (error) {
      this.deps.logger.warn(
        { operations: held.length, reason: errorMessage(error) },
        'Leases could not be renewed',
      );
    }
  }

  private async renewAndReschedule(): Promise<void> {
    await this.renew();
    const delaysMs = [...this.held.values()].map((entry) => renewalDelayMs(entry.leaseSeconds));
    if (delaysMs.length > 0) this.setTimer(Math.min(...delaysMs));
  }

  private clearTimer(): void {
    this.timer?.cancel();
    this.timer = null;
  }

  private setTimer(delayMs: number): void {
    this.clearTimer();
    this.timer = { delayMs, cancel: this.deps.clock.after(delayMs, () => void this.renewAndReschedule()) };
  }
}
