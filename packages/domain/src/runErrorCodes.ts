/**
 * The error codes of runs, which `classifyFailure` reads. An agent that reports a failure of its own may call
 * it anything.
 */
export const RUN_ERROR_CODES = [
  // An http agent, or an answer of any agent.
  'agent_bad_answer',
  'agent_bad_certificate',
  'agent_bad_url',
  'agent_error',
  'agent_private_address',
  'agent_timeout',
  'agent_too_large',
  'agent_unreachable',

  'watch_bad_certificate',
  'watch_bad_url',
  'watch_bot_wall',
  'watch_empty',
  'watch_error_page',
  'watch_needs_browser',
  'watch_not_configured',
  'watch_private_address',
  'watch_selector_missing',
  'watch_selector_not_html',
  'watch_timeout',
  'watch_too_large',
  'watch_too_many_redirects',
  'watch_unreachable',
  'watch_unreadable',
  'watch_unsupported_type',

  'model_bad_certificate',
  'model_bad_request',
  'model_no_answer',
  'model_not_configured',
  'model_not_found',
  'model_private_address',
  'model_rate_limited',
  'model_timeout',
  'model_too_large',
  'model_unauthorized',
  'model_unavailable',
  'model_unreachable',

  'command_killed',
  'command_no_folder',
  'command_no_repository',
  'command_not_allowed',
  'command_not_isolated',
  'command_not_started',
  'command_output_too_large',
  'command_over_budget',
  'command_reported_error',
  'command_timeout',

  // Codes of every kind, or of the server around it.
  'agent_failed',
  'agent_internal',
  'agent_misconfigured',
  'agent_missing',
  'agent_prompt_failed',
  'lease_lost',
  'review_bad_answer',
  'review_not_possible',
  'secrets_unreadable',
  'server_stopped',
  'start_failed',
] as const;

export type RunErrorCode =
  | (typeof RUN_ERROR_CODES)[number]
  /** The status with which an http agent, or the server of a page, answered. */
  | `${'agent' | 'watch'}_http_${number}`
  | `command_exit_${number}`
  /** Follows from the others' names; calls of http agents follow no redirects. */
  | 'agent_too_many_redirects';
