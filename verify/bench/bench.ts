import type { Logger } from '@everbeat/domain';
import type { BenchServer } from './support/server';
import type { Cell } from './support/table';

export const SECTIONS = ['beats', 'http', 'peers', 'trips', 'scale', 'start'] as const;
export type Section = (typeof SECTIONS)[number];

export interface BenchWish {
  /** How many tasks the loop is loaded with. */
  taskCounts: number[];
  /** How many beats a second are offered over HTTP. */
  httpRates: number[];
  /** How long each run is measured, after its warm-up. */
  seconds: number;
  /** How often each contestant runs, in turn with the others; figures are the medians. */
  rounds: number;
  /** A glance instead of a measurement: shorter runs, smaller tables. */
  isQuick: boolean;
}

/** What each section is given. */
export interface Bench {
  server: BenchServer;
  wish: BenchWish;
  logger: Logger;
  projectDir: string;
  /** Says what is under way; not part of the results. */
  progress(text: string): void;
  /** What must not outlive the bench, should it be interrupted; the answer is called once it is gone. */
  atEnd(release: () => Promise<void>): () => void;
}

/** One table of the results, as it is printed and as it is kept. */
export interface BenchTable {
  title: string;
  rows: Record<string, Cell>[];
  /** What is kept in the file alone: every run, query plans. */
  details?: unknown;
}
