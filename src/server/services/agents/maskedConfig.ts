import { agentKinds } from '@everbeat/agents';
import { type AgentKind, AppError, type StoredAgent } from '@everbeat/domain';
import { secretTextsOf } from '../secrets/secretTexts';

/** Replaces each stored secret in what clients see. A client that sends it back means the stored value. */
export const MASK = '••••••••';

type Config = Record<string, unknown>;

/** The agent as clients may see it: the secrets of its configuration never leave the server. */
export const maskAgent = (agent: StoredAgent): StoredAgent => ({
  ...agent,
  config: mapSecretFields(agent.kind, agent.config, maskAll),
});

/** Whether a configuration leaves a secret as it is stored. */
export const hasMask = (kind: AgentKind, config: Config): boolean =>
  secretTextsOf(config, agentKinds[kind].secretFields).includes(MASK);

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
