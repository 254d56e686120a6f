import type { Logger } from '@everbeat/domain';
import type { BenchServer } from './support/server';
import type { Cell } from './support/table';

export const SECTIONS = [
  'beats',
  'http',
  'api',
  'inbox',
  'lists',
  'live',
  'pages',
  'peers',
  'trips',
  'scale',
  'start',
  'watch',
  'steps',
] as const;
export type Section = (typeof SECTIONS)[number];

export interface BenchOptions {
  /** The numbers of tasks for the loop. */
  taskCounts: number[];
  /** The numbers of beats a second offered over HTTP. */
  httpRates: number[];
  /** How long each run is measured, after its warm-up. */
  seconds: number;
  /** How many times each contestant runs, in turn with the others. Figures are medians over the rounds. */
  rounds: number;
  /** Shorter runs and smaller tables. */
  isQuick: boolean;
}

/** What each section gets. */
export interface Bench {
  server: BenchServer;
  options: BenchOptions;
  logger: Logger;
  projectDir: string;
  /** Prints what is being measured. Not part of the results. */
  progress(text: string): void;
  /** Registers a cleanup for the case of an interruption. Returns a function that removes it. */
  onExit(cleanup: () => Promise<void>): () => void;
}

/** One table of the results. */
export interface BenchTable {
  title: string;
  rows: Record<string, Cell>[];
  /** Only written to the results file, not printed: every run, query plans. */
  details?: unknown;
}
