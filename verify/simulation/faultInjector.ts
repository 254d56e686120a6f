import { z } from 'zod';
import type { Coverage } from './coverage';

/** The kinds of calls and events at which a process can fail. */
export type CallKind = 'statement' | 'publish' | 'agent' | 'send' | 'timer';

/**
 * How the database fails: it is unavailable, it reports a deadlock, or an error that the product does not
 * know.
 */
export type DatabaseError = 'away' | 'deadlock' | 'odd';

/**
 * A fault of one call of a process. It applies to the first call of its kind after `afterCalls` further ones.
 */
export type CallFault =
  /** The process ends before the call is made, or after it took effect and before its result is seen. */
  | { verdict: 'die-before' | 'die-after'; on: CallKind | 'any'; afterCalls: number; downSeconds: number }
  /** The process is suspended before the call is made. */
  | { verdict: 'freeze'; on: CallKind | 'any'; afterCalls: number; frozenSeconds: number }
  /** The call fails without effect. */
  | {
      verdict: 'refuse';
      on: 'statement' | 'publish';
      afterCalls: number;
      times: number;
      error: DatabaseError;
    }
  /** The call takes effect, but its result is lost on the way back. */
  | { verdict: 'lose-answer'; on: 'statement' | 'publish'; afterCalls: number };

/**
 * A fault of a message: it is lost, delivered twice, delayed, or held back until later messages have
 * overtaken it.
 */
export interface DeliveryFault {
  what: 'drop' | 'double' | 'delay' | 'hold';
  seconds: number;
  times: number;
}

/** The faults that have been requested and not yet injected. */
export class FaultInjector {
  private calls: { fault: CallFault; callsLeft: number; timesLeft: number }[] = [];
  private deliveries: { fault: DeliveryFault; timesLeft: number }[] = [];

  constructor(private readonly coverage: Coverage) {}

  addCallFault(fault: CallFault): void {
    const timesLeft = fault.verdict === 'refuse' ? fault.times : 1;
    this.calls.push({ fault, callsLeft: fault.afterCalls, timesLeft });
  }

  addDeliveryFault(fault: DeliveryFault): void {
    this.deliveries.push({ fault, timesLeft: fault.times });
  }

  /** The fault of this call, if one is due. Where `mayFreeze` is false, a freeze waits for a later call. */
  takeForCall(kind: CallKind, mayFreeze = true): CallFault | null {
    const concerned = this.calls.filter(({ fault }) => fault.on === 'any' || fault.on === kind);
    for (const entry of concerned) entry.callsLeft -= 1;
    const due = concerned.find(
      ({ callsLeft, fault }) => callsLeft < 0 && (mayFreeze || fault.verdict !== 'freeze'),
    );
    if (due === undefined) return null;
    due.timesLeft -= 1;
    if (due.timesLeft <= 0) this.calls = this.calls.filter((entry) => entry !== due);
    const { fault } = due;
    const error = fault.verdict === 'refuse' && kind === 'statement' ? `, ${fault.error}` : '';
    this.coverage.count('fault', `${fault.verdict} ${kind}${error}`);
    return fault;
  }

  takeForDelivery(): DeliveryFault | null {
    const [due] = this.deliveries;
    if (due === undefined) return null;
    due.timesLeft -= 1;
    if (due.timesLeft <= 0) this.deliveries.shift();
    this.coverage.count('message', due.fault.what);
    return due.fault;
  }

  clear(): void {
    this.calls = [];
    this.deliveries = [];
  }
}

/** An error that the simulation injected. Any other error that the product logs or throws is a violation. */
export class InjectedError extends Error {
  override readonly name = 'InjectedError';

  constructor(
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}

const SQLSTATES: Record<DatabaseError, string> = { away: '57P01', deadlock: '40P01', odd: 'XX000' };

export const refusal = (error: DatabaseError): InjectedError =>
  new InjectedError(`injected: ${error}`, SQLSTATES[error]);

export const lostAnswer = (): InjectedError =>
  new InjectedError('injected: the answer was lost', 'ECONNRESET');

const heldRowSchema = z.object({ code: z.literal('55P03') });

/**
 * The error of a statement that met a row which the simulation holds, as an injected one; null: another
 * error.
 */
export const heldRowMet = (error: unknown): InjectedError | null =>
  heldRowSchema.safeParse(error).success ? new InjectedError('injected: a row is held', '55P03') : null;

/** Whether the error, or one of its causes, was injected. */
export function isInjected(error: unknown): boolean {
  if (error instanceof InjectedError) return true;
  return error instanceof Error && error.cause !== undefined && isInjected(error.cause);
}

/** Whether the reason that a line of the log gives was injected. */
export const isInjectedReason = (reason: string): boolean => reason.startsWith('injected: ');
