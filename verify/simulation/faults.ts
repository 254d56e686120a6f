import type { Coverage } from './coverage';

/** What a process does that leaves it: each is a place where things may go wrong. */
export type CallKind = 'statement' | 'publish' | 'agent' | 'timer';

/** How the database refuses: it is away, it found a deadlock, or it says something that nobody expects. */
export type DatabaseError = 'away' | 'deadlock' | 'odd';

/** What befalls one call of a process. */
export type CallFault =
  /** The process ends before the call gets out, or after it took effect and before its answer is seen. */
  | { verdict: 'die-before' | 'die-after'; on: CallKind | 'any'; afterCalls: number; downSeconds: number }
  /** The process stands still for a while before the call gets out. */
  | { verdict: 'freeze'; on: CallKind | 'any'; afterCalls: number; frozenSeconds: number }
  /** The call is refused. */
  | {
      verdict: 'refuse';
      on: 'statement' | 'publish';
      afterCalls: number;
      times: number;
      error: DatabaseError;
    }
  /** The call takes effect, but its answer is lost on the way. */
  | { verdict: 'lose-answer'; on: 'statement' | 'publish'; afterCalls: number };

/** What befalls a message on its way: it vanishes, comes twice at once, comes later, or waits to be overtaken by the next. */
export interface DeliveryFault {
  what: 'drop' | 'double' | 'delay' | 'hold';
  seconds: number;
  times: number;
}

/** The faults that wait for their moment. */
export class FaultPlan {
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

  /** The fault of this call, if its time has come. One that stands still waits for a call that may. */
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

/** Marks what the simulation did on purpose: any other error is a finding. */
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

export function isInjected(error: unknown): boolean {
  if (error instanceof InjectedError) return true;
  return error instanceof Error && error.cause !== undefined && isInjected(error.cause);
}
