import type { AgentRuntime } from '@everbeat/agents';
import type { BatchLimits } from '@everbeat/batching';
import type { AgentKind, Ids, RoomLimits } from '@everbeat/domain';
import type { TaskScheduler } from '@everbeat/scheduler';
import type { DeliveryQueue, MessageSender } from '../services/deliveries/ports';
import type { RunQueue } from '../services/taskRunner/ports';
import type { TaskFolders } from '../services/taskWatchdog/AbandonedFolders';
import type { SchedulingParts } from './scheduling';

/** The outside world of a container. Tests replace parts of it. */
export interface ContainerParts extends SchedulingParts {
  ids: Ids;
  /** Replaces the real runtimes of these kinds. */
  runtimes?: Partial<Record<AgentKind, AgentRuntime>>;
  /** Replaces the scheduler that TASK_SCHEDULER names. */
  scheduler?: TaskScheduler;
  /** Replaces the queue of AGENT_RUNTIME_MODE=queue. */
  runQueue?: RunQueue & DeliveryQueue;
  /** Replaces what sends messages over the network. */
  sender?: MessageSender;
  /** Replaces the room for runs that follows from the kinds of agents and the memory of this process. */
  room?: RoomLimits;
  /** Replaces the folders on this host in which commands work. */
  taskFolders?: TaskFolders;
  /** Replaces the default batch sizes of claims, commits, prompts and message ids. */
  batching?: BatchLimits;
}
