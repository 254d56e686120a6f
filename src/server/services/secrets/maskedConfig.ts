import { agentKinds } from '@everbeat/agents';
import {
  AGENT_KINDS,
  type AgentKind,
  AppError,
  MASK,
  type StoredAgent,
  type StoredTask,
  type TaskConfig,
  type TaskView,
} from '@everbeat/domain';
import { secretTextsOf } from './secretTexts';

type Config = Record<string, unknown>;

/** The agent as clients may see it: the secrets of its configuration never leave the server. */
export const maskAgent = (agent: StoredAgent): StoredAgent => ({
  ...agent,
  config: shownConfig(agent.kind, agent.config),
});

/** The settings without what is masked, where a task is shown that is not known here. */
export const withoutMasks = (kind: AgentKind, settings: Config): Config =>
  mapSecretFields(kind, settings, (value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, text]) => text !== MASK)) : value,
  );

/** Whether a configuration leaves a secret as it is stored. */
export const hasMask = (kind: AgentKind, config: Config): boolean =>
  secretTextsOf(config, agentKinds[kind].secretFields).includes(MASK);

/** The configuration of an agent of this kind, or the settings of a task for one, as clients may see it. */
export const shownConfig = (kind: AgentKind, config: Config): Config =>
  mapSecretFields(kind, config, maskAll);

export const shownTaskConfig = (config: TaskConfig): TaskConfig => mapKinds(config, shownConfig);

/** The task as clients may see it. */
export function shownTask<View extends TaskView>({ storedConfig, ...task }: StoredTask<View>) {
  return { ...task, config: shownTaskConfig(storedConfig) };
}

/** The configuration of a task with the settings of each kind of agent replaced. */
function mapKinds(config: TaskConfig, map: (kind: AgentKind, settings: Config) => Config): TaskConfig {
  const mapped = { ...config };
  for (const kind of AGENT_KINDS) {
    const settings = config[kind];
    if (settings !== undefined) mapped[kind] = map(kind, settings);
  }
  return mapped;
}

/**
 * Replaces every mask by the stored value under the same name, in upper or lower case. Secrets belong to the origin
 * they were entered for, so a mask stands for none of them once the address has another origin.
 * @throws AppError `agent-misconfigured`, when no value is stored under that name for this origin
 */
export function unmaskConfig(kind: AgentKind, config: Config, stored: Config): Config {
  const { addressField } = agentKinds[kind];
  const isSameOrigin =
    addressField === null || originOf(config[addressField]) === originOf(stored[addressField]);
  return mapSecretFields(kind, config, (value, field) =>
    unmask(value, isSameOrigin ? stored[field] : undefined, field, isSameOrigin),
  );
}

/** A configuration with its secrets masked. */
export const maskSecrets = (config: Config, secretFields: readonly string[]): Config =>
  mapValues(config, (value, field) => (secretFields.includes(field) ? maskAll(value) : value));

export const originOf = (address: unknown): string | null =>
  typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : null;

function mapSecretFields(
  kind: AgentKind,
  config: Config,
  map: (value: unknown, field: string) => unknown,
): Config {
  const { secretFields } = agentKinds[kind];
  return mapValues(config, (value, field) => (secretFields.includes(field) ? map(value, field) : value));
}

const maskAll = (value: unknown): unknown => (isObject(value) ? mapValues(value, maskAll) : MASK);

/**
 * A value, or an object of values by name, with each mask replaced by what is stored under the same name.
 * @throws AppError `agent-misconfigured`, when nothing is stored under that name for this origin
 */
export function unmask(value: unknown, stored: unknown, path: string, isSameOrigin: boolean): unknown {
  if (isObject(value)) {
    const storedByName = new Map(
      Object.entries(isObject(stored) ? stored : {}).map(([name, secret]) => [name.toLowerCase(), secret]),
    );
    return mapValues(value, (secret, name) =>
      unmask(secret, storedByName.get(name.toLowerCase()), `${path}.${name}`, isSameOrigin),
    );
  }
  if (value !== MASK) return value;
  if (stored !== undefined) return stored;
  const why = isSameOrigin
    ? 'none is stored'
    : 'the address has changed to another server, which is not sent what was stored for the former one';
  throw new AppError('agent-misconfigured', `Give the value of ${path}: ${why}`);
}

const mapValues = (object: object, map: (value: unknown, name: string) => unknown): Config =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
