import { type AgentView, AppError } from '@everbeat/domain';

/** Stands for a stored secret, out and back in. */
export const MASK = '••••••••';

/** The agent as it may be shown: the values of an http agent's headers, which are often credentials, never leave the server. */
export function maskAgent(agent: AgentView): AgentView {
  const headers = headersOf(agent.config);
  if (headers === null) return agent;
  const masked = Object.fromEntries(Object.keys(headers).map((name) => [name, MASK]));
  return { ...agent, config: { ...agent.config, headers: masked } };
}

/**
 * The configuration with every mask replaced by the stored value of the same header.
 * @throws AppError `agent-misconfigured`, when nothing is stored under that name
 */
export function unmaskConfig(
  config: Record<string, unknown>,
  stored: Record<string, unknown>,
): Record<string, unknown> {
  const headers = headersOf(config);
  if (headers === null) return config;
  const values = new Map(
    Object.entries(headersOf(stored) ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const unmasked = Object.entries(headers).map(([name, value]) => {
    if (value !== MASK) return [name, value];
    const known = values.get(name.toLowerCase());
    if (known === undefined) {
      throw new AppError('agent-misconfigured', `Give the value of the header "${name}": none is stored`);
    }
    return [name, known];
  });
  return { ...config, headers: Object.fromEntries(unmasked) };
}

function headersOf(config: Record<string, unknown>): object | null {
  const { headers } = config;
  return typeof headers === 'object' && headers !== null && !Array.isArray(headers) ? headers : null;
}
