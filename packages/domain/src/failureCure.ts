import type { BriefActionView } from './briefActions';
import { BRIEF_ACTION_TEXTS } from './briefActionTexts';
import { editPath } from './editPath';
import type { CLASS_OF_CODE } from './failureClass';
import { CURES, type Cure } from './status';
import type { TaskState } from './taskState';

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
  review_not_possible: 'edit-task',
  secrets_unreadable: 'open-system',
};
const CODES: ReadonlyMap<string, Cure | 'watched'> = new Map(Object.entries(CURE_OF_CODE));

/** A watched page no longer lets in what its headers and cookies sign in. */
const WATCHED_LOGIN = /^watch_http_40[13]$/;

type Failing = Pick<TaskState, 'identifier' | 'agentId' | 'config'>;

/** The option of a brief that leads to where the cause of this failure is removed. */
export const cureAction = (task: Failing, errorCode: string | null): BriefActionView =>
  cureLink(cureOfCode(errorCode, { setsWatch: task.config.watch !== undefined }), task);

/**
 * Where the cause of a failure with this code is removed. What an agent says itself that it needs a person
 * for, such as a new login, is looked for in its settings. `setsWatch`: the task says itself what is watched.
 */
export function cureOfCode(errorCode: string | null, { setsWatch }: { setsWatch: boolean }): Cure {
  const cure = CODES.get(errorCode ?? '') ?? (WATCHED_LOGIN.test(errorCode ?? '') ? 'watched' : 'open-agent');
  return cure === 'watched' ? (setsWatch ? 'edit-task' : 'open-agent') : cure;
}

/** The link that leads there. Without an agent, it is chosen in the task. */
export function cureLink(
  cure: Cure,
  { agentId, identifier }: { agentId: string | null; identifier: string | null },
): BriefActionView {
  const key = cure === 'open-agent' && agentId === null ? 'edit-task' : cure;
  const paths: Record<Cure, string> = {
    'open-agent': `/agents?edit=${agentId}`,
    'edit-task': identifier === null ? '/tasks' : editPath(identifier),
    'open-system': '/system#settings',
    'open-models': '/settings/models',
    'open-servers': '/settings/servers',
    'open-channels': '/settings/notifications',
  };
  return { key, label: BRIEF_ACTION_TEXTS[key].label, url: paths[key] };
}
