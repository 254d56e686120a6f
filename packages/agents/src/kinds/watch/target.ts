import { AgentError } from '../../shared/agentError';
import { type WatchSettings, watchConfigSchema, watchSettingsSchema } from './config';

/** What one run reads. Of another target, what was remembered says nothing. */
export interface Target {
  url: string;
  selector: string | null;
  /** Elements that are left out. */
  without: string[];
}

/** What holds for one run: the task's settings, or the agent's, refined by those of the task. */
export function settingsOf(own: WatchSettings, task: WatchSettings | undefined): WatchSettings {
  if (task === undefined) return own;
  if (task.url !== undefined) return task;
  const both = (name: (typeof LISTS)[number]) => [...(own[name] ?? []), ...(task[name] ?? [])];
  return { ...own, ...task, ...Object.fromEntries(LISTS.map((name) => [name, both(name)])) };
}

/**
 * What a task of a watch agent watches, by what is stored of both. Null where it does not fit, such as after
 * a hand edit.
 */
export function watchedBy(agentConfig: unknown, taskSettings: unknown): WatchSettings | null {
  const own = watchConfigSchema.safeParse(agentConfig);
  const task = watchSettingsSchema.optional().safeParse(taskSettings);
  if (!own.success || !task.success) return null;
  const { timeoutSeconds: _, ...settings } = own.data;
  return settingsOf(settings, task.data);
}

const LISTS = ['ignoreText', 'ignorePatterns', 'ignoreSelectors', 'ignorePaths'] as const;

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
