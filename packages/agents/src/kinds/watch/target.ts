import { AgentError } from '../../shared/agentError';
import type { WatchSettings } from './config';

/** What one run reads. Of another target, what was remembered says nothing. */
export interface Target {
  url: string;
  selector: string | null;
  /** Elements that are left out. */
  without: string[];
}

/** What holds for one run: the task's settings, or the agent's, refined by those of the task. */
export const settingsOf = (own: WatchSettings, task: WatchSettings | undefined): WatchSettings =>
  task?.url === undefined ? { ...own, ...task } : task;

/**
 * What a run reads.
 * @throws AgentError `watch_not_configured`
 */
export function targetOf({ url, selector, ignoreSelectors }: WatchSettings): Target {
  if (url === undefined) {
    throw new AgentError(
      'watch_not_configured',
      "There is no address to watch. Set the agent's url, or config.watch of the task.",
    );
  }
  return { url, selector: selector ?? null, without: ignoreSelectors ?? [] };
}
