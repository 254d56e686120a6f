import { AgentError } from '../../shared/agentError';
import { isSelector } from './config';

/** What one run fetches. */
export interface Target {
  url: string;
  selector: string | null;
}

/**
 * Where a run looks, from the task's settings or the agent's configuration.
 * @throws AgentError `watch_not_configured`, `watch_selector_invalid`
 */
export function targetOf({ url, selector }: { url?: string; selector?: string }): Target {
  if (url === undefined) {
    throw new AgentError(
      'watch_not_configured',
      "There is no address to watch. Set the agent's url, or config.watch of the task.",
    );
  }
  if (selector !== undefined && !isSelector(selector)) {
    throw new AgentError('watch_selector_invalid', `"${selector}" is not a CSS selector such as "main h2".`);
  }
  return { url, selector: selector ?? null };
}
