import type { Ids, Logger } from '@everbeat/domain';
import type { SignatureVerifier } from '@everbeat/scheduler';
import type { DeliveryService } from '../services/deliveries/DeliveryService';
import type { TaskLifecycleService } from '../services/taskLifecycle/TaskLifecycleService';
import type { TaskRunnerService } from '../services/taskRunner/TaskRunnerService';
import type { Healthcheck } from '../services/taskWatchdog/Healthcheck';
import type { TaskWatchdogService } from '../services/taskWatchdog/TaskWatchdogService';

export interface WorkflowDeps {
  runner: TaskRunnerService;
  lifecycle: TaskLifecycleService;
  watchdog: TaskWatchdogService;
  healthcheck: Healthcheck;
  deliveries: Pick<DeliveryService, 'deliver'>;
  logger: Logger;
  ids: Ids;
  /** The public address, which QStash includes in its signatures. */
  appUrl: string;
  /** Null lets every request through: local mode without signing keys, on the operator's own machine. */
  verifier: SignatureVerifier | null;
  /**
   * Queue mode: respond only when the operation has settled, so that a serverless function lives as long as
   * the work.
   */
  awaitsRuns: boolean;
}
