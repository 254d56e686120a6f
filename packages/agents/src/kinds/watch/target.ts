import type { AgentRequest } from '../../port';
import { AgentError } from '../../shared/agentError';
import { isSelector, type WatchConfig } from './config';

/** What one run looks at. */
export interface Target {
  url: string;
  selector: string | null;
}

/**
 * The task's own target goes before the agent's.
 * @throws AgentError `watch_not_configured`, `watch_selector_invalid`
 */
export function targetOf(request: AgentRequest, config: WatchConfig): Target {
  const { url, selector } = request.watch ?? config;
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
