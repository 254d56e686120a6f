import { BRIEF_ACTION_TEXTS, type BriefActionView } from './briefActions';
import type { CLASS_OF_CODE } from './failureClass';
import type { BriefAction } from './status';
import type { TaskState } from './taskState';

/**
 * Where a person removes the cause of a failure of class `needs-person` (PROTOCOL §4.1): in the settings of the
 * agent, of the task, of model providers, or of the server, which the system page shows.
 */
const CURES = [
  'open-agent',
  'edit-task',
  'open-system',
  'open-models',
] as const satisfies readonly BriefAction[];
type Cure = (typeof CURES)[number];

export const isCure = (key: string): boolean => CURES.some((cure) => cure === key);

type CodeOfClass<FailureClass> = {
  [Code in keyof typeof CLASS_OF_CODE]: (typeof CLASS_OF_CODE)[Code] extends FailureClass ? Code : never;
}[keyof typeof CLASS_OF_CODE];

/** `watched`: wherever the page to watch is set, which may be the task or its agent. */
const CURE_OF_CODE: Record<CodeOfClass<'needs-person'>, Cure | 'watched'> = {
  agent_bad_url: 'open-agent',
  agent_misconfigured: 'open-agent',
  agent_missing: 'edit-task',
  agent_private_address: 'open-agent',
  watch_bad_url: 'watched',
  watch_not_configured: 'edit-task',
  watch_private_address: 'watched',
  model_not_configured: 'open-models',
  model_not_found: 'open-agent',
  model_private_address: 'open-agent',
  model_unauthorized: 'open-models',
  command_no_folder: 'open-system',
  command_no_repository: 'open-system',
  command_not_allowed: 'open-system',
  command_not_isolated: 'open-system',
  secrets_unreadable: 'open-system',
};
const CODES: ReadonlyMap<string, Cure | 'watched'> = new Map(Object.entries(CURE_OF_CODE));

type Failing = Pick<TaskState, 'identifier' | 'agentId' | 'config'>;

/** Where a person edits a task. */
export const editPath = (identifier: string): string => `/tasks/${identifier}?edit=true`;

/** The option of a brief that leads to where the cause of this failure is removed. */
export function cureAction(task: Failing, errorCode: string | null): BriefActionView {
  const cure = cureOf(task, errorCode);
  const paths: Record<Cure, string> = {
    'open-agent': `/agents?edit=${task.agentId}`,
    'edit-task': editPath(task.identifier),
    'open-system': '/system#settings',
    'open-models': '/settings/models',
  };
  return { key: cure, label: BRIEF_ACTION_TEXTS[cure].label, url: paths[cure] };
}

/** What an agent says itself that it needs a person for, such as a new login, is looked for in its settings. */
function cureOf({ agentId, config }: Failing, errorCode: string | null): Cure {
  const cure = CODES.get(errorCode ?? '') ?? 'open-agent';
  const isOfAgent = cure === 'open-agent' || (cure === 'watched' && config.watch === undefined);
  if (isOfAgent) return agentId === null ? 'edit-task' : 'open-agent';
  return cure === 'watched' ? 'edit-task' : cure;
}
