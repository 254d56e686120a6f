import type { AgentFault } from '@everbeat/domain';
import { type AddressPolicy, bareHost, connectGuarded, isPrivateAllowed } from '@everbeat/outgoing';
import { AgentError, type CallingPrefix } from './agentError';
import { connectionError } from './connectionError';
import { faultOf } from './faults';

interface Called {
  addressPolicy: AddressPolicy;
  codePrefix: CallingPrefix;
  signal: AbortSignal;
}

/**
 * Whether a server takes connections. Nothing is sent, because to some servers any request is an order. One
 * that does not answer in time counts as unavailable.
 */
export async function checkReachable(
  address: string,
  { addressPolicy, codePrefix, signal }: Called,
): Promise<AgentFault[]> {
  const url = new URL(address);
  try {
    await connect(url, addressPolicy, signal);
    return [];
  } catch (error) {
    const fault = signal.aborted
      ? new AgentError(`${codePrefix}_unreachable`, `${url.host} did not answer in time.`)
      : connectionError(error, url.host, codePrefix);
    return [faultOf(fault, { setsWatch: false })].filter((found) => found !== null);
  }
}

function connect(url: URL, policy: AddressPolicy, signal: AbortSignal): Promise<void> {
  const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80);
  const reach = { isPrivateAllowed: isPrivateAllowed(policy, url, url), ownPort: policy.ownPort };
  const socket = connectGuarded(bareHost(url.hostname), port, reach);
  const stop = () => socket.destroy(new Error('stopped'));
  return new Promise<void>((resolve, reject) => {
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    socket.once('connect', () => resolve()).once('error', reject);
    socket.once('close', () => reject(new Error('closed')));
  }).finally(() => {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  });
}
