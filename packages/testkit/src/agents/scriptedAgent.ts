import type { AgentOutcome, AgentRequest, AgentRuntime } from '@everbeat/agents';
import type { AgentKind } from '@everbeat/domain';
import { Arrivals } from './arrivals';
import { Gate } from './gate';

export type ScriptedStep = AgentOutcome | ((request: AgentRequest) => AgentOutcome | Promise<AgentOutcome>);

/** An agent runtime with scripted outcomes. As with every runtime, aborted runs end as `canceled`. */
export interface ScriptedAgent extends AgentRuntime {
  /** Queues the outcome of a run. */
  next(step: ScriptedStep): void;
  /** Sets the outcome for an empty queue; at first `done` with the content `ok`. */
  default(step: ScriptedStep): void;
  readonly calls: readonly AgentRequest[];
  /** From now on runs start, but do not end until `release`. */
  hold(): void;
  release(): void;
  /** Resolves with the request of the `count`-th run (1-based) once it has started. */
  started(count: number): Promise<AgentRequest>;
}

export function createScriptedAgent(kind: AgentKind = 'http'): ScriptedAgent {
  const arrivals = new Arrivals<AgentRequest>();
  const gate = new Gate();
  const queue: ScriptedStep[] = [];
  let fallback: ScriptedStep = { kind: 'done', content: 'ok' };

  async function play(step: ScriptedStep, request: AgentRequest): Promise<AgentOutcome> {
    await gate.pass();
    return typeof step === 'function' ? await step(request) : step;
  }

  return {
    kind,
    calls: arrivals.all,
    next: (step) => queue.push(step),
    default: (step) => {
      fallback = step;
    },
    hold: () => gate.hold(),
    release: () => gate.release(),
    started: (count) => arrivals.nth(count),
    checkConfig: (config) => config,
    problemOf: () => null,
    async run(request) {
      const step = queue.shift() ?? fallback;
      arrivals.record(request);
      const outcome = await Promise.race([aborted(request.signal), play(step, request)]);
      return request.signal.aborted ? { kind: 'canceled' } : outcome;
    },
  };
}

function aborted(signal: AbortSignal): Promise<AgentOutcome> {
  return new Promise((resolve) => {
    const cancel = () => resolve({ kind: 'canceled' });
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
}
