import { AGENT_KINDS, type AgentKind, perAgentKind } from '@everbeat/domain';
import { secretsIn } from '@everbeat/outgoing';
import { z } from 'zod';
import type { AgentKindDefinition } from '../defineAgentKind';
import type { AgentRuntime } from '../port';
import { type Clean, cleanerFor } from '../shared/clean';
import { commandKind } from './command/commandKind';
import { httpKind } from './http/httpKind';
import { modelKind } from './model/modelKind';
import { watchKind } from './watch/watchKind';

/** Every kind of agent. */
export const agentKinds = {
  watch: watchKind,
  http: httpKind,
  model: modelKind,
  command: commandKind,
} satisfies { [Kind in AgentKind]: AgentKindDefinition<Kind, never> };

type CreateRuntime = (typeof agentKinds)[AgentKind]['createRuntime'];
/** What all kinds together need of the operator's settings. */
export type AgentNeeds = CreateRuntime extends (needs: infer Needs) => AgentRuntime ? Needs : never;

export const createAgentRuntimes = (needs: AgentNeeds): Record<AgentKind, AgentRuntime> =>
  perAgentKind((kind) => agentKinds[kind].createRuntime(needs));

/**
 * The settings of each kind for a task, as fields of a zod object: what the API accepts under the kind's
 * name.
 */
export const taskSettingsFields = perAgentKind((kind) => agentKinds[kind].taskSettingsSchema);

const ALL_SECRET_FIELDS = AGENT_KINDS.flatMap((kind) => agentKinds[kind].secretFields);

const addressSchema = z.object({ url: z.url() });

/** The host that a configuration names, whatever kind of agent it belongs to. Undefined: none. */
export function hostOfAnyKind(config: unknown): string | undefined {
  const { data } = addressSchema.safeParse(config);
  return data && new URL(data.url).host;
}

/**
 * Leaves the secrets of a configuration out of texts, whatever kind of agent the configuration belongs to.
 * Null: it holds none.
 */
export const cleanerOfAnyKind = (config: unknown): Clean | null =>
  cleanerFor(secretsIn(config, ALL_SECRET_FIELDS));
