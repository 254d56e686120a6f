import type { AgentOutcome } from '@everbeat/agents';

export const FAILURE = {
  kind: 'error',
  errorCode: 'agent_http_500',
  errorMessage: 'It broke',
} as const satisfies AgentOutcome;
