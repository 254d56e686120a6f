import type { RUN_ERROR_CODES } from './runErrorCodes';
import type { FailureClass, SettledStatus } from './status';

/**
 * What the error codes of runs mean for what follows (PROTOCOL §4.1). A code that is not listed, such as
 * `command_exit_1` or one of an agent's own, means `agent`; statuses of HTTP are read by `classOfStatus`.
 */
export const CLASS_OF_CODE = {
  // Nobody answered, or the other side is in trouble: it works again by itself. So does a certificate that is
  // not trusted once it is renewed, or known to this server, which is seldom done by the person who would
  // have to resume the task. Until then nothing is sent, and the brief of the outage says what is wrong with
  // it.
  agent_bad_certificate: 'transient',
  agent_timeout: 'transient',
  agent_unreachable: 'transient',
  agent_prompt_failed: 'transient',
  watch_bad_certificate: 'transient',
  watch_bot_wall: 'transient',
  watch_empty: 'transient',
  watch_error_page: 'transient',
  watch_timeout: 'transient',
  watch_unreachable: 'transient',
  model_bad_certificate: 'transient',
  model_timeout: 'transient',
  model_unavailable: 'transient',
  model_unreachable: 'transient',
  command_not_started: 'transient',

  // A reviewer that breaks says nothing of the work, which is checked later (PROTOCOL §4.4).
  review_bad_answer: 'transient',

  model_rate_limited: 'rate-limit',

  // Every further run fails in the same way, until a person has changed something.
  agent_bad_url: 'needs-person',
  agent_misconfigured: 'needs-person',
  agent_missing: 'needs-person',
  agent_private_address: 'needs-person',
  watch_bad_url: 'needs-person',
  watch_not_configured: 'needs-person',
  watch_private_address: 'needs-person',
  model_not_configured: 'needs-person',
  model_not_found: 'needs-person',
  model_private_address: 'needs-person',
  model_unauthorized: 'needs-person',
  command_no_folder: 'needs-person',
  command_no_repository: 'needs-person',
  command_not_allowed: 'needs-person',
  command_not_isolated: 'needs-person',
  review_not_possible: 'needs-person',
  secrets_unreadable: 'needs-person',

  // The process that ran it is gone.
  lease_lost: 'lost',
  server_stopped: 'lost',
  start_failed: 'lost',

  agent_bad_answer: 'agent',
  agent_error: 'agent',
  agent_failed: 'agent',
  agent_internal: 'agent',
  agent_too_large: 'agent',
  watch_needs_browser: 'agent',
  watch_selector_missing: 'agent',
  watch_selector_not_html: 'agent',
  watch_too_large: 'agent',
  watch_too_many_redirects: 'agent',
  watch_unreadable: 'agent',
  watch_unsupported_type: 'agent',
  model_bad_request: 'agent',
  model_no_answer: 'agent',
  model_too_large: 'agent',
  command_killed: 'agent',
  command_output_too_large: 'agent',
  command_over_budget: 'agent',
  command_reported_error: 'agent',
  command_timeout: 'agent',
} as const satisfies Record<(typeof RUN_ERROR_CODES)[number], FailureClass>;

const CODES: ReadonlyMap<string, FailureClass> = new Map(Object.entries(CLASS_OF_CODE));

/** `agent_http_503`: the kind's prefix and the status that its far side answered with. */
const HTTP_CODE = /^(agent|watch)_http_(\d{3})$/;

/**
 * Whether a run that was lost may have ended its server itself. A server that was stopped in order, such as
 * for a deploy, has not been ended by a run.
 */
export const mayBlameTask = (errorCode: string | null): boolean => errorCode !== 'server_stopped';

/** How a run ended, as far as its failure class depends on it. */
interface End {
  status: SettledStatus;
  errorCode: string | null;
  /** What the agent says itself. */
  failureClass?: FailureClass | undefined;
}

/**
 * Why a run failed; null if it did not. What the agent says of its own failure goes before what its code
 * means, and a failure that nothing is known about is the agent's.
 */
export function classifyFailure({ status, errorCode, failureClass }: End): FailureClass | null {
  if (status === 'done' || status === 'interrupted' || status === 'budget') return null;
  return failureClass ?? classOfCode(errorCode ?? '');
}

function classOfCode(errorCode: string): FailureClass {
  const [, prefix, status] = HTTP_CODE.exec(errorCode) ?? [];
  if (status === undefined) return CODES.get(errorCode) ?? 'agent';
  const meaning = classOfStatus(Number(status));
  // A page that keeps its readers out is nothing that other credentials would change.
  return prefix === 'watch' && meaning === 'needs-person' ? 'agent' : meaning;
}

/** The class of a status that a far side answered with, such as 429 or 503. */
function classOfStatus(status: number): FailureClass {
  if (status === 408 || status === 425 || status >= 500) return 'transient';
  if (status === 402 || status === 429) return 'rate-limit';
  return status === 401 || status === 403 ? 'needs-person' : 'agent';
}
