import type { AgentOutcome } from '@everbeat/agents';

export const FAILURE = {
  kind: 'error',
  errorCode: 'agent_bad_answer',
  errorMessage: 'It broke',
} as const satisfies AgentOutcome;
