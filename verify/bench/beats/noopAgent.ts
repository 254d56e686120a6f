import type { AgentRuntime } from '@everbeat/agents';

export interface NoopAgent extends AgentRuntime {
  /** When each operation reached its agent: milliseconds of the host's clock, finer than it shows them. */
  readonly startedAtMs: Map<string, number>;
}

/** An agent that has nothing to do: what remains is the price of the loop. */
export function createNoopAgent(): NoopAgent {
  const startedAtMs = new Map<string, number>();
  const offsetMs = Date.now() - performance.now();
  return {
    kind: 'http',
    startedAtMs,
    checkConfig: (config) => config,
    async run({ operationId }) {
      startedAtMs.set(operationId, performance.now() + offsetMs);
      return { kind: 'done', content: 'ok' };
    },
  };
}
