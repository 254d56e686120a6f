import type { FaultKind, PlannedFault } from './faultPlan';

/** A running installation into whose parts faults can be injected. */
export interface Installation {
  /** The public address. */
  appUrl: string;
  /** The number of servers. */
  servers: number;
  /** The faults that this installation supports. */
  kinds: readonly FaultKind[];
  /** The faults that it would support if this machine had what they need, with the reason. */
  missing: readonly { kind: FaultKind; reason: string }[];
  databaseUrl(): Promise<string>;
  inject(fault: PlannedFault): Promise<ActiveFault>;
  /** The state of the parts, for the progress line. */
  state(): string;
  /**
   * Descriptions of servers that exited by themselves after they had become ready, which must never happen.
   */
  unexpectedExits(): string[];
  /** Descriptions of statements that waited too long for a row that another session held. */
  longWaits(): string[];
  close(): Promise<void>;
}

/** A fault that has been injected and not yet repaired. */
export interface ActiveFault {
  description: string;
  /** Whether it could not be injected, for example because its part was down already. */
  hadNoEffect?: boolean;
  /** The tasks whose rows somebody holds. */
  heldTaskIds?: readonly string[];
  /** Starts what was stopped and thaws what was frozen. Resolves when the part is in use again. */
  repair(): Promise<void>;
}

/** Short intervals for every server, so that a minute shows what otherwise takes an hour. */
export const FAST_SETTINGS = {
  HEARTBEAT_MIN_SECONDS: '1',
  WATCHDOG_INTERVAL_SECONDS: '2',
  WATCHDOG_GRACE_SECONDS: '3',
  LOG_LEVEL: 'warn',
} as const;

export const READY_WITHIN_MS = 120_000;
