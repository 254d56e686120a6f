import { beatLeases, type HeldOperation, type Queryable } from '@everbeat/database';
import { type Clock, errorMessage, type Logger } from '@everbeat/domain';

const RENEWAL_MS_MAX = 15_000;
const RENEWAL_MS_MIN = 250;

/** Three renewals fit into a lease, so that one that fails does not end it. */
const renewalDelayMs = (leaseSeconds: number): number =>
  Math.max(RENEWAL_MS_MIN, Math.min(RENEWAL_MS_MAX, (leaseSeconds * 1_000) / 3));

interface HeldLease extends HeldOperation {
  leaseSeconds: number;
  /** When it was renewed last, in milliseconds since the epoch. */
  renewedAtMs: number;
  /** Null: the agent has ended. */
  controller: AbortController | null;
}

/**
 * A process may hold an operation that was taken from it and, by its next number, the same operation anew.
 */
const keyOf = ({ operationId, leaseEpoch }: HeldOperation): string => `${operationId} ${leaseEpoch}`;

/**
 * Renews the leases of all operations that this process executes, in one statement per renewal, however many
 * there are (PROTOCOL §5). An operation that is no longer running in the database, or executed by another
 * process, was ended elsewhere: its agent is stopped.
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
    const lease = { operationId, leaseEpoch, leaseSeconds, renewedAtMs: from.getTime(), controller };
    this.held.set(keyOf(lease), lease);
    const delayMs = renewalDelayMs(leaseSeconds);
    if (this.timer === null || delayMs < this.timer.delayMs) this.setTimer(delayMs);
    return controller.signal;
  }

  /**
   * The agent has ended, so there is nothing left to abort. The lease is renewed until the run has settled.
   */
  agentEnded(operation: HeldOperation): void {
    const entry = this.held.get(keyOf(operation));
    if (entry !== undefined) entry.controller = null;
  }

  release(operation: HeldOperation): void {
    this.held.delete(keyOf(operation));
    if (this.held.size === 0) this.clearTimer();
  }

  /** Stops the agents of this operation here, whichever execution of it they belong to. */
  abort(operationId: string): void {
    for (const lease of this.held.values()) if (lease.operationId === operationId) lease.controller?.abort();
  }

  abortHeld(operation: HeldOperation): void {
    this.held.get(keyOf(operation))?.controller?.abort();
  }

  abortAll(): void {
    for (const { controller } of this.held.values()) controller?.abort();
  }

  /**
   * To be called after a wait, before anything is done for the operation. If its lease is over by then,
   * because this process or its host stood still, others may have ended it: it is aborted unless the lease
   * can be renewed.
   */
  async confirm(operation: HeldOperation): Promise<void> {
    if (!this.isOver(operation)) return;
    await this.renew();
    if (this.isOver(operation)) this.abortHeld(operation);
  }

  private isOver(operation: HeldOperation): boolean {
    const lease = this.held.get(keyOf(operation));
    if (lease === undefined) return true;
    return this.deps.clock.now().getTime() > lease.renewedAtMs + lease.leaseSeconds * 1_000;
  }

  /** Renews all leases now. Never throws: a renewal that fails is followed by others. */
  async renew(): Promise<void> {
    const held = [...this.held.values()];
    if (held.length === 0) return;
    try {
      const now = this.deps.clock.now();
      const alive = await beatLeases(this.deps.db, held, now);
      for (const lease of held)
        if (alive.get(lease.operationId) === lease.leaseEpoch) lease.renewedAtMs = now.getTime();
        else lease.controller?.abort();
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
