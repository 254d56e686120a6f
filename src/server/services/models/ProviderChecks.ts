import type { ModelSettings } from '@everbeat/agents';
import { checkProvider } from '@everbeat/agents';
import { type Clock, type ProviderCheck, withTimeout } from '@everbeat/domain';
import type { ProviderEntry } from './providerEntries';

const LIMIT_MS = 10_000;
/** How long an answer stands: a list of models changes rarely, a fault may be gone in a moment. */
const READY_MS = 600_000;
const FAULT_MS = 15_000;
const ANSWERS_MAX = 200;

/** Asks providers for their models, and remembers for a while what they answered. */
export class ProviderChecks {
  private readonly answers = new Map<string, { untilMs: number; result: Promise<ProviderCheck> }>();

  constructor(private readonly deps: { clock: Clock; addressPolicy: ModelSettings['addressPolicy'] }) {}

  /** The answer of a provider; `anew` leaves out what is remembered. */
  of(userId: string, entry: ProviderEntry, { anew = false } = {}): Promise<ProviderCheck> {
    const nowMs = this.deps.clock.now().getTime();
    const key = JSON.stringify([userId, entry.provider, entry.source, entry.address, entry.version]);
    const known = this.answers.get(key);
    if (!anew && known !== undefined && nowMs < known.untilMs) return known.result;
    const answer = { untilMs: nowMs + FAULT_MS, result: this.ask(entry) };
    const keep = ({ verdict }: ProviderCheck): void => {
      if (verdict === 'ready') answer.untilMs = nowMs + READY_MS;
    };
    const forget = (): void => void this.answers.delete(key);
    answer.result.then(keep, forget);
    this.makeRoom(nowMs);
    this.answers.set(key, answer);
    return answer.result;
  }

  /** Asks without remembering the answer. */
  async ask({ provider, address, apiKey = '', problem, isStored }: ProviderEntry): Promise<ProviderCheck> {
    if (problem !== undefined) return { verdict: 'secrets-unreadable', message: problem, models: [] };
    const { addressPolicy } = this.deps;
    const policy =
      isStored === false ? { ...addressPolicy, privateAddresses: 'any' as const } : addressPolicy;
    const endpoint = { provider, apiKey, baseUrl: address, addressPolicy: policy };
    return withTimeout(this.deps.clock, LIMIT_MS, async (signal) => {
      try {
        return await checkProvider(endpoint, signal);
      } catch (error) {
        if (!signal.aborted) throw error;
        const { host } = new URL(address);
        const message = `${host} did not answer within ${LIMIT_MS / 1_000} s. Check the address, and the network of this server`;
        return { verdict: 'unreachable', message, models: [] };
      }
    });
  }

  private makeRoom(nowMs: number): void {
    if (this.answers.size < ANSWERS_MAX) return;
    for (const [key, { untilMs }] of this.answers) if (untilMs <= nowMs) this.answers.delete(key);
    if (this.answers.size >= ANSWERS_MAX) this.answers.clear();
  }
}
