import { AppError, LIMITS, type NotReadyTasksView } from '@everbeat/domain';

/** A task that is not started, because its agent cannot run. */
export interface NotReadyTask {
  identifier: string;
  agentId: string;
  agentName: string;
  problem: string | null;
}

/** By their agents and what is wrong with them. */
export function groupNotReady(tasks: Iterable<NotReadyTask>): NotReadyTasksView[] {
  const groups = new Map<string, NotReadyTasksView>();
  for (const { identifier, agentId, agentName, problem } of tasks) {
    const key = JSON.stringify([agentId, problem]);
    const group = groups.get(key) ?? {
      agentId,
      agentName,
      problem: problem ?? '',
      count: 0,
      identifiers: [],
    };
    group.count += 1;
    if (group.identifiers.length < LIMITS.notReadyTasksNamedMax) group.identifiers.push(identifier);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** That tasks were not started, which are at least one. */
export function notStarted(tasks: Iterable<NotReadyTask>): AppError {
  const texts = groupNotReady(tasks).map(({ identifiers, count, agentName, problem }) => {
    const more = count > identifiers.length ? ` and ${count - identifiers.length} more` : '';
    const them = count === 1 ? ' was not started, because its' : ' were not started, because their';
    return `${identifiers.join(', ')}${more}${them} agent ${agentName} cannot run. ${problem}`;
  });
  return new AppError('agent-not-ready', texts.join(' '));
}
