import type { FaultKind, PlannedFault } from './plan';

/** An installation that can be broken part by part. */
export interface Stage {
  /** The public address. */
  appUrl: string;
  /** How many servers there are. */
  servers: number;
  kinds: readonly FaultKind[];
  databaseUrl(): Promise<string>;
  /** Breaks a part at once. */
  strike(fault: PlannedFault): Promise<Damage>;
  /** How the parts are, in a few words. */
  state(): string;
  /** What a server did that it never may: ending by itself after it had begun to serve. */
  misdeeds(): string[];
  close(): Promise<void>;
}

export interface Damage {
  /** What was done, for a person. */
  what: string;
  /** Starts again what is down, thaws what is frozen, and resolves when it is being used again. */
  mend(): Promise<void>;
}

/** How the installation and its load are sized. */
export interface StageOptions {
  servers: number;
}

/** Settings of every server: short waits, so that a run of a minute shows what takes an hour in earnest. */
export const HASTY_SETTINGS = {
  HEARTBEAT_MIN_SECONDS: '1',
  WATCHDOG_INTERVAL_SECONDS: '2',
  WATCHDOG_GRACE_SECONDS: '3',
  LOG_LEVEL: 'warn',
} as const;

export const READY_WITHIN_MS = 120_000;
