import { farSideOf } from '@everbeat/domain';
import { connectionFaultOf, type Refusal } from '@everbeat/outgoing';
import { AgentError, type CallingPrefix, UnansweredError } from './agentError';

const REFUSALS: Record<Refusal, string> = {
  private:
    'is an address of this machine or of a private network, which is called only where that address itself was entered, and not by a redirect or a public name. Enter the private address, if the operator allows it (ALLOW_PRIVATE_AGENT_URLS).',
  forbidden:
    'leads to a link-local address or to a metadata service of the host, which agents never call. Use another address.',
  own: 'leads to this server itself, which its agents never call. Use another address.',
};

/** The error for a connection that failed, whether before or during the response. */
export function connectionError(error: unknown, host: string, codePrefix: CallingPrefix): AgentError {
  const fault = connectionFaultOf(error, host);
  switch (fault.kind) {
    case 'refused-address':
      return new AgentError(`${codePrefix}_private_address`, `${host} ${REFUSALS[fault.refusal]}`);
    case 'bad-certificate':
      return new AgentError(`${codePrefix}_bad_certificate`, fault.message, { farSide: host });
    case 'blocked-port':
      return new AgentError(`${codePrefix}_unreachable`, fault.message, { failureClass: 'needs-person' });
    case 'unreachable': {
      const Fault = fault.mayHaveArrived ? UnansweredError : AgentError;
      return new Fault(`${codePrefix}_unreachable`, fault.message, {
        farSide: farSideOf(host, fault.code),
      });
    }
  }
}
