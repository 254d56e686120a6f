import { type AgentFault, AppError, classifyFailure, cureOfCode } from '@everbeat/domain';
import { AgentError } from './agentError';

/** Whose credentials are refused, or cannot be read any more: they have to be entered anew. */
const REAUTH_CODES: readonly string[] = ['model_unauthorized'];

/** What an error says about an agent that is checked. Null: it is none of ours. */
export function faultOf(error: unknown, of: { setsWatch: boolean }): AgentFault | null {
  if (error instanceof AppError)
    return { verdict: 'misconfigured', problem: error.message, cure: cureOfCode('agent_misconfigured', of) };
  if (!(error instanceof AgentError)) return null;
  const cure = cureOfCode(error.code, of);
  return { verdict: verdictOf(error), problem: error.message, cure };
}

function verdictOf({ code, details: { failureClass } }: AgentError): AgentFault['verdict'] {
  if (REAUTH_CODES.includes(code)) return 'reauth-required';
  if (code.endsWith('_private_address')) return 'forbidden';
  const why = classifyFailure({ status: 'error', errorCode: code, failureClass });
  return why === 'transient' || why === 'rate-limit' ? 'unavailable' : 'misconfigured';
}
