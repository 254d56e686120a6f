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
  mapFields(settings, agentKinds[kind].secretFields, (value) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).filter(([, text]) => text !== MASK)) : value,
  );

/** Whether a configuration leaves a secret as it is stored. */
export const hasMask = (kind: AgentKind, config: Config): boolean =>
  secretTextsOf(config, agentKinds[kind].secretFields).includes(MASK);

/** The configuration of an agent of this kind, or the settings of a task for one, as clients may see it. */
export const shownConfig = (kind: AgentKind, config: Config): Config =>
  maskSecrets(config, agentKinds[kind].secretFields);

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

/** The configuration of an agent as `unmaskFields` returns it. @throws AppError `agent-misconfigured` */
export const unmaskConfig = (kind: AgentKind, config: Config, stored: Config): Config =>
  unmaskFields(config, stored, agentKinds[kind]);

/**
 * Replaces every mask in the secret fields by the stored value under the same name, in upper or lower case.
 * Secrets belong to the origin they were entered for, so a mask stands for none of them once the address has
 * another origin. `whose` is what the configuration is of, where an error has to name it.
 * @throws AppError `agent-misconfigured`, when no value is stored under that name for this origin
 */
export function unmaskFields(
  config: Config,
  stored: Config,
  { secretFields, addressField, whose }: FieldsOfConfig & { whose?: string },
): Config {
  const isSameOrigin =
    addressField === null || originOf(config[addressField]) === originOf(stored[addressField]);
  const why = isSameOrigin
    ? 'none is stored'
    : 'the address has changed to another server, which is not sent what was stored for the former one';
  const refuse = (path: string): never => {
    const name = whose === undefined ? path : `${path} of ${whose}`;
    throw new AppError('agent-misconfigured', `Give the value of ${name}: ${why}`);
  };
  return mapFields(config, secretFields, (value, field) =>
    unmask(value, isSameOrigin ? stored[field] : undefined, field, refuse),
  );
}

interface FieldsOfConfig {
  secretFields: readonly string[];
  /** The field with the address that the secrets are sent to. Null: there is none. */
  addressField: string | null;
}

/** A configuration with its secrets masked. */
export const maskSecrets = (config: Config, secretFields: readonly string[]): Config =>
  mapFields(config, secretFields, maskAll);

export const originOf = (address: unknown): string | null =>
  typeof address === 'string' && URL.canParse(address) ? new URL(address).origin : null;

const mapFields = (
  config: Config,
  fields: readonly string[],
  map: (value: unknown, field: string) => unknown,
): Config => mapValues(config, (value, field) => (fields.includes(field) ? map(value, field) : value));

const maskAll = (value: unknown): unknown => (isObject(value) ? mapValues(value, maskAll) : MASK);

/**
 * A value, or an object of values by name, with each mask replaced by what is stored under the same name.
 * `refuse` throws where nothing is.
 */
function unmask(value: unknown, stored: unknown, path: string, refuse: (path: string) => never): unknown {
  if (isObject(value)) {
    const storedByName = new Map(
      Object.entries(isObject(stored) ? stored : {}).map(([name, secret]) => [name.toLowerCase(), secret]),
    );
    return mapValues(value, (secret, name) =>
      unmask(secret, storedByName.get(name.toLowerCase()), `${path}.${name}`, refuse),
    );
  }
  if (value !== MASK) return value;
  return stored === undefined ? refuse(path) : stored;
}

const mapValues = (object: object, map: (value: unknown, name: string) => unknown): Config =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value, name)]));

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
