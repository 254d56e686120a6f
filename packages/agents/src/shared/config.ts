import { AppError, describeIssues } from '@everbeat/domain';
import { type AddressPolicy, isWrittenPrivate, kindOfHost } from '@everbeat/outgoing';
import type { z } from 'zod';
import { isObject } from './fieldReader';

/** @throws AppError `agent-misconfigured`, with what is wrong */
export function parseConfig<T>(schema: z.ZodType<T>, kind: string, config: unknown): T {
  const parsed = schema.safeParse(config ?? {});
  if (parsed.success) return parsed.data;
  throw new AppError(
    'agent-misconfigured',
    `The ${kind} agent's configuration does not fit: ${describeIssues(parsed.error)}`,
  );
}

/**
 * What an agent may spend is set beside what its kind knows, for every kind alike (`agent.config.budget`).
 */
export function withoutBudget(config: unknown): { own: unknown; budget: unknown } {
  if (!isObject(config)) return { own: config, budget: undefined };
  const fields = Object.entries(config);
  return {
    own: Object.fromEntries(fields.filter(([name]) => name !== 'budget')),
    budget: fields.find(([name]) => name === 'budget')?.[1],
  };
}

/**
 * The settings of a task that were stored. They are never left out: the agent's own would hold instead, and
 * do something else than the person asked for.
 * @throws AppError `agent-misconfigured`, with what is wrong
 */
export function parseTaskSettings<T>(schema: z.ZodType<T>, kind: string, settings: unknown): T {
  const parsed = schema.safeParse(settings);
  if (parsed.success) return parsed.data;
  throw new AppError(
    'agent-misconfigured',
    `The task's settings for its ${kind} agent do not fit: ${describeIssues(parsed.error)}. Edit the task.`,
  );
}

/**
 * Refuses addresses that are visibly private where the policy allows none, and those that are never called.
 * Names are resolved, and then checked, only when they are called.
 * @throws AppError `agent-misconfigured`
 */
export function assertAddressAllowed(address: string | undefined, policy: AddressPolicy): void {
  if (address === undefined) return;
  const { hostname } = new URL(address);
  if (kindOfHost(hostname) === 'forbidden') {
    throw new AppError(
      'agent-misconfigured',
      'The address is link-local or of a metadata service of the host, which agents never call. Use another address.',
    );
  }
  if (isWrittenPrivate(hostname) && policy.privateAddresses === 'never') {
    throw new AppError(
      'agent-misconfigured',
      'The address is of this machine or of a private network, which this server refuses. Use a public address, or let its operator set ALLOW_PRIVATE_AGENT_URLS=1.',
    );
  }
}
