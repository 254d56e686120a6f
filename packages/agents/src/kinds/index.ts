import { AGENT_KINDS, type AgentKind, perAgentKind } from '@everbeat/domain';
import type { AgentKindDefinition } from '../defineAgentKind';
import type { AgentFailure, AgentRuntime } from '../port';
import { redactFailure } from '../shared/redact';
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

/**
 * Removes the secrets of a configuration from a failure, whatever kind of agent the configuration belongs to.
 */
export const redactFailureOfAnyKind = <Failure extends AgentFailure>(
  failure: Failure,
  config: unknown,
): Failure => redactFailure(failure, config, ALL_SECRET_FIELDS);
