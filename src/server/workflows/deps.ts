import type { Ids, Logger } from '@everbeat/domain';
import type { SignatureVerifier } from '@everbeat/scheduler';
import type { TaskLifecycleService } from '../services/taskLifecycle/TaskLifecycleService';
import type { TaskRunnerService } from '../services/taskRunner/TaskRunnerService';
import type { TaskWatchdogService } from '../services/taskWatchdog/TaskWatchdogService';

/** What the webhook routes are made of. */
export interface WorkflowDeps {
  runner: TaskRunnerService;
  lifecycle: TaskLifecycleService;
  watchdog: TaskWatchdogService;
  logger: Logger;
  ids: Ids;
  /** The public address that QStash signs for. */
  appUrl: string;
  /** Null: local mode without signing keys. */
  verifier: SignatureVerifier | null;
  /** Queue mode: a request is answered when its operation has settled, so that a serverless function lives as long as the work. */
  awaitsRuns: boolean;
}
