import type { NotReadyTasksView } from '@everbeat/domain';

/** "T-3, T-4 stay as they are, because the agent Mail cannot run: …" Null: nothing was left out. */
export function notReadyText(notReady: readonly NotReadyTasksView[]): string | null {
  const texts = notReady.map(({ agentName, problem, count, identifiers }) => {
    const more = count > identifiers.length ? ` and ${count - identifiers.length} more` : '';
    const stay = count === 1 ? 'stays as it is' : 'stay as they are';
    return `${identifiers.join(', ')}${more} ${stay}, because the agent ${agentName} cannot run: ${problem}`;
  });
  return texts.length === 0 ? null : texts.join(' ');
}
