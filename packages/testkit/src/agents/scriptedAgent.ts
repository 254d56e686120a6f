import type { AgentOutcome, AgentRequest, AgentRuntime } from '@everbeat/agents';
import type { AgentKind } from '@everbeat/domain';
import { Arrivals } from './arrivals';
import { Gate } from './gate';

export type ScriptedStep = AgentOutcome | ((request: AgentRequest) => AgentOutcome | Promise<AgentOutcome>);

/** An agent that does what a test tells it to. Aborted runs end as `canceled`, as every runtime's do. */
export interface ScriptedAgent extends AgentRuntime {
  /** What the next unscripted run does; further calls queue up. */
  next(step: ScriptedStep): void;
  /** What every run does that nothing was queued for. At first: done, with the content `ok`. */
  default(step: ScriptedStep): void;
  readonly calls: readonly AgentRequest[];
  /** Runs wait, once started, until `release`. */
  hold(): void;
  release(): void;
  /** The request of the `count`-th run (from 1), as soon as that has started. */
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
