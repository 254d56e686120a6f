import { isDeepStrictEqual } from 'node:util';
import { agentKinds } from '@everbeat/agents';
import { secretFieldsOf } from '@everbeat/channels';
import { type Queryable, readSealFrom, readSealingKeyIds } from '@everbeat/database';
import {
  AGENT_KINDS,
  type AgentKind,
  AppError,
  type ChannelKind,
  type Clock,
  errorMessage,
  type KindSettings,
  type ModelProvider,
  type SecretsView,
  type StoredTask,
  type TaskConfig,
} from '@everbeat/domain';
import { type Place, sealedBy, type Vault, VaultError } from '@everbeat/vault';
import { KEY_REMEDY, type Keys } from './keys';
import { hasMask, shownTaskConfig, unmaskConfig } from './maskedConfig';
import { type Config, mapSecretTexts, secretTextsOf } from './secretTexts';

/** The row that secrets are stored in. */
export type RowPlace = Omit<Place, 'field'>;

/** What of an agent its secrets depend on. */
export type KeptAgent = { id: string; kind: AgentKind; config: Config };

/** What of a channel its secrets depend on. */
export type KeptChannel = { id: string; kind: ChannelKind; config: Config };

/** What identifies a stored model provider. */
interface ProviderKey {
  userId: string;
  provider: ModelProvider;
}

const providerRow = (owner: string, row: ModelProvider): RowPlace => ({
  owner,
  table: 'model_providers',
  row,
});

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const taskRow = (owner: string, row: string, kind: AgentKind): RowPlace => ({
  owner,
  row,
  table: `tasks.config.${kind}`,
});

/** The configuration of a task with the settings of each kind of agent replaced. */
async function mapKinds(
  config: TaskConfig,
  map: (kind: AgentKind, settings: KindSettings) => Promise<KindSettings>,
): Promise<TaskConfig> {
  const mapped = { ...config };
  for (const kind of AGENT_KINDS) {
    const settings = config[kind];
    if (settings !== undefined) mapped[kind] = await map(kind, settings);
  }
  return mapped;
}

const channelRow = (owner: string, row: string): RowPlace => ({ owner, table: 'channels', row });

/** The row of the installation, which is no user's. */
const PUSH_ROW: RowPlace = { owner: '', table: 'system_state', row: 'push' };

const agentRow = (owner: string, row: string): RowPlace => ({ owner, table: 'agents', row });

export interface SecretsDeps {
  db: Queryable;
  clock: Clock;
  keys: Keys;
}

/**
 * Encrypts secrets for the row that stores them, and opens them where they are used. Each text is sealed by
 * itself, so that the names of headers can be read without the key.
 */
export class SecretsService {
  /** Servers of a version that stores secrets as they are have ended. */
  private olderHaveEnded = false;

  constructor(private readonly deps: SecretsDeps) {}

  /**
   * The configuration as it is stored: the texts in `fields` are sealed for this row. What a person enters is
   * sealed whatever it looks like.
   * @throws AppError `secrets-key-missing`, `secrets-unreadable`
   */
  async seal(row: RowPlace, config: Config, fields: readonly string[]): Promise<Config> {
    if (secretTextsOf(config, fields).length === 0) return config;
    const vault = await this.sealingVault();
    return mapSecretTexts(config, fields, (text, field) => vault.seal(text, { ...row, field }));
  }

  /** Whether all servers of this database can read sealed configurations of agents. */
  async maySealAgents(): Promise<boolean> {
    if (this.olderHaveEnded) return true;
    const from = await readSealFrom(this.deps.db);
    this.olderHaveEnded = from !== null && from <= this.deps.clock.now();
    return this.olderHaveEnded || from === null;
  }

  /**
   * The configuration with its secrets, as it was before `seal`. Texts that were never sealed stay as they
   * are.
   * @throws AppError `secrets-unreadable`
   */
  async open(row: RowPlace, config: Config, fields: readonly string[]): Promise<Config> {
    const keyId = secretTextsOf(config, fields)
      .map(sealedBy)
      .find((id) => id !== null);
    if (keyId === undefined) return config;
    const vault = await this.openingVault(keyId ?? '');
    try {
      return mapSecretTexts(config, fields, (text, field) => vault.open(text, { ...row, field }));
    } catch (error) {
      if (error instanceof VaultError) throw this.unreadable(error.fault, error.keyId);
      throw error;
    }
  }

  /** The configuration of an agent with its secrets. @throws AppError `secrets-unreadable` */
  openAgent(userId: string, { id, kind, config }: KeptAgent): Promise<Config> {
    return this.open(agentRow(userId, id), config, agentKinds[kind].secretFields);
  }

  /**
   * The configuration of an agent as it is stored. Servers of 0.1.0 know no sealed texts: while one may live,
   * the texts stay as they are, and `SecretsSweep` seals them later.
   * @throws AppError `secrets-key-missing`, `secrets-unreadable`
   */
  async sealAgent(userId: string, { id, kind, config }: KeptAgent): Promise<Config> {
    const fields = agentKinds[kind].secretFields;
    if (secretTextsOf(config, fields).length === 0) return config;
    await this.sealingVault();
    return (await this.maySealAgents()) ? this.seal(agentRow(userId, id), config, fields) : config;
  }

  /**
   * The configuration of a channel as it is stored. @throws AppError `secrets-key-missing`,
   * `secrets-unreadable`
   */
  sealChannel(userId: string, { id, kind, config }: KeptChannel): Promise<Config> {
    return this.seal(channelRow(userId, id), config, secretFieldsOf(kind));
  }

  /** The configuration of a channel with its secrets. @throws AppError `secrets-unreadable` */
  openChannel(userId: string, { id, kind, config }: KeptChannel): Promise<Config> {
    return this.open(channelRow(userId, id), config, secretFieldsOf(kind));
  }

  /**
   * The private key for push messages as it is stored. @throws AppError `secrets-key-missing`,
   * `secrets-unreadable`
   */
  async sealPushKey(privateKey: string): Promise<string> {
    return textOf((await this.seal(PUSH_ROW, { privateKey }, ['privateKey'])).privateKey);
  }

  /** The private key for push messages. @throws AppError `secrets-unreadable` */
  async openPushKey(sealed: string): Promise<string> {
    return textOf((await this.open(PUSH_ROW, { privateKey: sealed }, ['privateKey'])).privateKey);
  }

  /**
   * The key of a model provider as it is stored. @throws AppError `secrets-key-missing`, `secrets-unreadable`
   */
  async sealApiKey({ userId, provider }: ProviderKey, apiKey: string): Promise<string> {
    const { apiKey: sealed } = await this.seal(providerRow(userId, provider), { apiKey }, ['apiKey']);
    return textOf(sealed);
  }

  /** The key of a model provider as it was entered. @throws AppError `secrets-unreadable` */
  async openApiKey({ userId, provider }: ProviderKey, sealed: string): Promise<string> {
    const { apiKey } = await this.open(providerRow(userId, provider), { apiKey: sealed }, ['apiKey']);
    return textOf(apiKey);
  }

  /**
   * The configuration of a task with the secrets in the settings of each kind of agent sealed. Servers of
   * versions that know no sealed texts know no secrets of tasks either.
   * @throws AppError `secrets-key-missing`, `secrets-unreadable`
   */
  sealTask(userId: string, taskId: string, config: TaskConfig): Promise<TaskConfig> {
    return mapKinds(config, (kind, settings) =>
      this.seal(taskRow(userId, taskId, kind), settings, agentKinds[kind].secretFields),
    );
  }

  /** What `sealTask` has sealed. @throws AppError `secrets-unreadable` */
  openTask(userId: string, taskId: string, config: TaskConfig): Promise<TaskConfig> {
    return mapKinds(config, (kind, settings) =>
      this.open(taskRow(userId, taskId, kind), settings, agentKinds[kind].secretFields),
    );
  }

  /** The settings of a task for a kind of agent, with their secrets. @throws AppError `secrets-unreadable` */
  async openSettings(
    userId: string,
    taskId: string,
    kind: AgentKind,
    settings: KindSettings | undefined,
  ): Promise<KindSettings | undefined> {
    return settings && this.open(taskRow(userId, taskId, kind), settings, agentKinds[kind].secretFields);
  }

  /**
   * The configuration that an edit asks for, with stored values for its masks, as it is stored. The settings
   * of a kind that the edit leaves alone stay as they are, so that a lost key stops no other edit.
   * @throws AppError `agent-misconfigured`, `secrets-key-missing`, `secrets-unreadable`
   */
  async editTask(
    userId: string,
    { id, storedConfig }: Pick<StoredTask, 'id' | 'storedConfig'>,
    edited: TaskConfig,
  ): Promise<TaskConfig> {
    const shown = shownTaskConfig(storedConfig);
    return mapKinds(edited, async (kind, settings) => {
      const stored = storedConfig[kind];
      if (stored !== undefined && isDeepStrictEqual(settings, shown[kind])) return stored;
      const opened = hasMask(kind, settings) ? await this.openSettings(userId, id, kind, stored) : undefined;
      const given = unmaskConfig(kind, settings, opened ?? {});
      return this.seal(taskRow(userId, id, kind), given, agentKinds[kind].secretFields);
    });
  }

  /** Where this server's key comes from, and why stored secrets of the user cannot be opened with it. */
  async view(userId: string): Promise<SecretsView> {
    const { db, keys } = this.deps;
    const key = keys.source.kind;
    const problem = await keys.problem();
    if (problem !== null) return { key, problem };
    const vault = await keys.find();
    const missing = (await readSealingKeyIds(db, userId)).find((id) => !(vault?.keyIds ?? []).includes(id));
    return { key, problem: missing === undefined ? null : this.unreadable('unknown-key', missing).message };
  }

  private async sealingVault(): Promise<Vault> {
    const { db, keys } = this.deps;
    const found = await this.find();
    if (found !== null) return found;
    if (keys.source.kind === 'none') {
      throw new AppError(
        'secrets-key-missing',
        `Secrets cannot be stored, because this server has no key. ${KEY_REMEDY}`,
      );
    }
    // A second key beside a lost one would hide that what is stored cannot be opened any more.
    const [keyId] = await readSealingKeyIds(db, null);
    if (keyId !== undefined) throw this.unreadable('unknown-key', keyId);
    const made = await keys.make().catch((error: unknown) => {
      throw new AppError('secrets-key-missing', errorMessage(error));
    });
    if (made === null) throw new AppError('secrets-key-missing', KEY_REMEDY);
    return made;
  }

  private async openingVault(keyId: string): Promise<Vault> {
    const vault = await this.find();
    if (vault === null) throw this.unreadable('unknown-key', keyId);
    return vault;
  }

  private find(): Promise<Vault | null> {
    return this.deps.keys.find().catch((error: unknown) => {
      throw new AppError('secrets-unreadable', errorMessage(error));
    });
  }

  private unreadable(fault: VaultError['fault'], keyId: string): AppError {
    return new AppError('secrets-unreadable', this.explain(fault, keyId));
  }

  private explain(fault: VaultError['fault'], keyId: string): string {
    const { keys } = this.deps;
    switch (fault) {
      case 'unknown-key':
        return `Stored secrets were encrypted with the key ${keyId}, which this server does not have. Put that key back (${keys.place}), or enter the secrets anew`;
      case 'damaged':
        return 'A stored secret cannot be opened: it was changed, or copied from another row. Enter it anew';
      case 'unknown-version':
        return 'A stored secret was encrypted by a newer version of Everbeat. Start that version again';
    }
  }
}
