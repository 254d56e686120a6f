/**
 * What the plugin in Stryker's process and the worker that runs the tests send to each other. Requests are
 * answered one after another, in their order.
 */

/** The name of the `BroadcastChannel` between them. Channels do not leave their process. */
export const CHANNEL = 'everbeat-mutation';

export interface TestFile {
  /** Absolute. */
  path: string;
  /** The ids of the tests to run; null: all. */
  tests: readonly string[] | null;
  /** How long one of them may take; null: as long as the configuration says. */
  testTimeoutMs: number | null;
}

export interface RunRequest {
  files: readonly TestFile[];
  /**
   * The change that is switched on; the run ends at the first test that fails. Null: none, and all tests run.
   */
  mutant: { id: string; hitLimit: number | null } | null;
}

/** `stop` ends the worker. */
export type Request = RunRequest | 'stop';

export interface TestOutcome {
  id: string;
  durationMs: number;
  /** The message of a test that failed. */
  failure: string | null;
}

/** By the id of a change: how often the tests reached it. */
export type Hits = Record<string, number>;

export interface Coverage {
  /** Reached while a file was being loaded. */
  static: Hits;
  /** By the id of a test. */
  perTest: Record<string, Hits>;
}

export interface RunReply {
  outcomes: TestOutcome[];
  coverage: Coverage;
  /** How often the change was reached. */
  hitCount: number;
}

/** `ready` says that the worker waits for requests. */
export type Reply = RunReply | 'ready';

/** The same in every process and every copy of the project, and unique as far as names of tests are. */
export const testId = (file: string, names: readonly string[]): string => `${file}#${names.join(' > ')}`;

/** The file of a test, as it stands in its id. */
export const fileOfTest = (id: string): string => id.slice(0, id.indexOf('#'));
