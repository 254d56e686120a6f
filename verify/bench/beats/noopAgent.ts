import type { AgentRuntime } from '@everbeat/agents';

export interface NoopAgent extends AgentRuntime {
  /** When each operation reached its agent, in fractional milliseconds of the host's clock. */
  readonly startedAtMs: Map<string, number>;
}

/** An agent that does nothing, so that only the cost of the loop is measured. */
export function createNoopAgent(): NoopAgent {
  const startedAtMs = new Map<string, number>();
  const offsetMs = Date.now() - performance.now();
  return {
    kind: 'http',
    startedAtMs,
    checkConfig: (config) => config,
    problemOf: () => null,
    async run({ operationId }) {
      startedAtMs.set(operationId, performance.now() + offsetMs);
      return { kind: 'done', content: 'ok' };
    },
  };
}
