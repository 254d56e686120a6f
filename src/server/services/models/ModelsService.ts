import { assertAddressAllowed, type ModelSettings } from '@everbeat/agents';
import { type Batcher, createBatcher } from '@everbeat/batching';
import {
  deleteStoredProvider,
  isDatabaseUnavailable,
  loadStoredModels,
  type Queryable,
  readStoredProvider,
  type StoredModels,
  type StoredProvider,
  writeDefaultModel,
  writeModelPrice,
  writeStoredProvider,
} from '@everbeat/database';
import {
  AppError,
  type Clock,
  type DefaultModelView,
  LIMITS,
  MODEL_PROVIDER_FACTS,
  type ModelPrice,
  type ModelPriceView,
  type ModelProvider,
  type ModelProviderView,
  type OwnPrices,
  offeredModel,
  type ProviderCheck,
  parseModelName,
} from '@everbeat/domain';
import type { SecretsService } from '../secrets/SecretsService';
import { ProviderChecks } from './ProviderChecks';
import { entriesOf, type OpenedProvider, type ProviderEntry, usualOllama } from './providerEntries';

export interface ModelsServiceDeps {
  db: Queryable;
  clock: Clock;
  secrets: SecretsService;
  /** What the operator set. */
  environment: ModelSettings;
}

/** A provider as a person enters it. A key that is left out is the one that is stored. */
export interface ProviderInput {
  provider: ModelProvider;
  apiKey?: string | undefined;
  baseUrl?: string | undefined;
}

/** How many users' settings one statement reads. */
const USERS_PER_READ_MAX = 100;

/**
 * The model providers of users and the model of agents that name none. Keys leave this service for calls
 * alone.
 */
export class ModelsService {
  private readonly checks: ProviderChecks;
  private readonly stored: Batcher<string, StoredModels>;

  constructor(private readonly deps: ModelsServiceDeps) {
    const { clock, db, environment } = deps;
    this.checks = new ProviderChecks({ clock, addressPolicy: environment.addressPolicy });
    this.stored = createBatcher({
      run: (userIds) => loadStoredModels(db, userIds),
      maxBatchSize: USERS_PER_READ_MAX,
      maxConcurrentBatches: 2,
      mayRetryAlone: (error) => !isDatabaseUnavailable(error),
    });
  }

  /** What the model agents of a user are called with. @throws database errors */
  async settingsOf(userId: string): Promise<ModelSettings> {
    const { environment } = this.deps;
    const { providers, defaultModel, prices } = await this.stored.add(userId);
    const opened = await Promise.all(providers.map((provider) => this.opened(provider)));
    return {
      ...environment,
      providers: {
        ...environment.providers,
        ...Object.fromEntries(opened.map((own) => [own.provider, own])),
      },
      defaultModel: defaultModel ?? environment.defaultModel,
      prices,
    };
  }

  /** Whether any provider can be called, as far as that is known without calling it. */
  async isConfigured(userId: string): Promise<boolean> {
    const { defaultModel } = await this.settingsOf(userId);
    const named = parseModelName(defaultModel ?? '');
    if (named !== undefined && MODEL_PROVIDER_FACTS[named.provider].isKeyOptional) return true;
    return (await this.entries(userId)).length > 0;
  }

  /** Every provider that is set up, and Ollama on this machine if it answers, with their models. */
  async list(userId: string): Promise<ModelProviderView[]> {
    const [entries, { prices }] = await Promise.all([this.entries(userId), this.stored.add(userId)]);
    const views = entries.map(async (entry) => viewOf(entry, await this.checks.of(userId, entry)));
    const all = await Promise.all([...views, this.foundOllama(userId, entries)]);
    return all.filter((view) => view !== null).map((view) => withOwnPrices(view, prices));
  }

  /**
   * Stores a provider. Nothing is called.
   * @throws AppError `invalid-input`, `agent-misconfigured` (an address that is not allowed),
   * `secrets-key-missing`, `secrets-unreadable`
   */
  async save(userId: string, input: ProviderInput): Promise<ModelProviderView> {
    const { db, clock, secrets } = this.deps;
    const entry = await this.entryFor(userId, input);
    const { apiKey } = entry;
    const { provider, baseUrl = null } = input;
    const sealed = apiKey === undefined ? null : await secrets.sealApiKey({ userId, provider }, apiKey);
    await writeStoredProvider(db, { userId, provider, apiKey: sealed, baseUrl }, clock.now());
    return this.check(userId, { provider });
  }

  /** Returns what was deleted. @throws AppError `provider-not-found` */
  async delete(userId: string, provider: ModelProvider) {
    const isDeleted = await deleteStoredProvider(this.deps.db, { userId, provider });
    if (!isDeleted) throw notFound(provider);
    return { provider, source: 'stored' as const, models: [] };
  }

  /**
   * Asks a provider anew: one that is set up, or what a person is about to save.
   * @throws AppError `provider-not-found`, `invalid-input`, `agent-misconfigured`, `secrets-unreadable`
   */
  async check(userId: string, input: ProviderInput): Promise<ModelProviderView> {
    if (input.apiKey !== undefined || input.baseUrl !== undefined) {
      const entry = await this.entryFor(userId, input);
      return viewOf(entry, await this.checks.ask(entry));
    }
    const entries = await this.entries(userId);
    const known = entries.find(({ provider }) => provider === input.provider);
    const entry = known ?? (input.provider === 'ollama' ? usualOllama() : undefined);
    if (entry === undefined) throw notFound(input.provider);
    return viewOf(entry, await this.checks.of(userId, entry, { anew: true }));
  }

  async defaultModel(userId: string): Promise<DefaultModelView> {
    const { defaultModel: stored } = await this.stored.add(userId);
    if (stored !== null) return { model: stored, source: 'stored' };
    const { defaultModel = null } = this.deps.environment;
    return { model: defaultModel, source: defaultModel === null ? null : 'environment' };
  }

  /** Null: the one in the environment. @throws AppError `invalid-input` */
  async setDefault(userId: string, model: string | null): Promise<DefaultModelView> {
    if (model !== null) assertModelName(model);
    await writeDefaultModel(this.deps.db, userId, model, this.deps.clock.now());
    return this.defaultModel(userId);
  }

  /** What the user says that models cost, by their names. */
  async prices(userId: string): Promise<ModelPriceView[]> {
    const { prices } = await this.stored.add(userId);
    return Object.entries(prices)
      .map(([model, price]) => ({ model, ...price }))
      .toSorted((a, b) => (a.model < b.model ? -1 : 1));
  }

  /**
   * Stores what a model costs, in place of the listed price; null: the listed one again. It holds for what is
   * called from now on. @throws AppError `invalid-input`, `limit-reached`
   */
  async setPrice(userId: string, model: string, price: ModelPrice | null): Promise<ModelPriceView[]> {
    assertModelName(model);
    const isWritten = await writeModelPrice(this.deps.db, { userId, model, price }, this.deps.clock.now());
    if (!isWritten)
      throw new AppError(
        'limit-reached',
        `There are at most ${LIMITS.ownPricesMax} prices of your own; remove one first`,
      );
    return this.prices(userId);
  }

  private async entries(userId: string): Promise<ProviderEntry[]> {
    const { providers } = await this.stored.add(userId);
    const opened = await Promise.all(providers.map((provider) => this.opened(provider)));
    return entriesOf(opened, this.deps.environment);
  }

  private async foundOllama(
    userId: string,
    entries: readonly ProviderEntry[],
  ): Promise<ModelProviderView | null> {
    const { privateAddresses } = this.deps.environment.addressPolicy;
    if (privateAddresses === 'never' || entries.some(({ provider }) => provider === 'ollama')) return null;
    const entry = usualOllama();
    const check = await this.checks.of(userId, entry);
    return check.verdict === 'ready' ? viewOf(entry, check) : null;
  }

  /** A provider as it would be called once `input` is saved. */
  private async entryFor(userId: string, input: ProviderInput): Promise<ProviderEntry> {
    const { provider, baseUrl } = input;
    const { label, isKeyOptional, baseUrl: usual } = MODEL_PROVIDER_FACTS[provider];
    const address = baseUrl ?? usual;
    if (address === null)
      throw new AppError('invalid-input', 'Give the address of the server, which often ends with /v1');
    assertAddressAllowed(address, this.deps.environment.addressPolicy);
    const apiKey = input.apiKey ?? (await this.storedKey(userId, provider, address));
    if (apiKey === undefined && !isKeyOptional && baseUrl === undefined)
      throw new AppError('invalid-input', `Give the key of ${label}`);
    return { provider, source: 'stored', address, apiKey, baseUrl, isStored: true, version: '' };
  }

  /** A key belongs to the origin that it was entered for: another one asks for it anew. */
  private async storedKey(
    userId: string,
    provider: ModelProvider,
    address: string,
  ): Promise<string | undefined> {
    const stored = await readStoredProvider(this.deps.db, { userId, provider });
    if (stored?.apiKey == null) return undefined;
    const { apiKey, baseUrl, problem } = await this.opened(stored);
    const former = baseUrl ?? MODEL_PROVIDER_FACTS[provider].baseUrl;
    if (former === null || new URL(former).origin !== new URL(address).origin)
      throw new AppError(
        'invalid-input',
        'Give the key again: the address has changed to another server, which is not sent the stored one',
      );
    if (problem !== undefined) throw new AppError('secrets-unreadable', problem);
    return apiKey;
  }

  private async opened({
    userId,
    provider,
    apiKey,
    baseUrl,
    updatedAt,
  }: StoredProvider): Promise<OpenedProvider> {
    const own = { provider, updatedAt, baseUrl: baseUrl ?? undefined, isStored: true };
    if (apiKey === null) return own;
    try {
      return { ...own, apiKey: await this.deps.secrets.openApiKey({ userId, provider }, apiKey) };
    } catch (error) {
      if (error instanceof AppError && error.code === 'secrets-unreadable')
        return { ...own, problem: error.message };
      throw error;
    }
  }
}

const viewOf = (
  { provider, source, address, apiKey, problem }: ProviderEntry,
  check: ProviderCheck,
): ModelProviderView => ({
  provider,
  source,
  baseUrl: address,
  hasKey: apiKey !== undefined || problem !== undefined,
  ...check,
  ok: check.verdict === 'ready',
});

/** With the user's prices in place of the listed ones. */
function withOwnPrices(view: ModelProviderView, prices: OwnPrices): ModelProviderView {
  const models = view.models.map((model) => {
    const own = prices[`${view.provider}/${model.id}`];
    return own === undefined ? model : offeredModel(model.id, own, true);
  });
  return { ...view, models };
}

function assertModelName(model: string): void {
  if (parseModelName(model) !== undefined) return;
  throw new AppError(
    'invalid-input',
    'Give the model as provider/model, such as anthropic/claude-sonnet-4-5',
  );
}

const notFound = (provider: ModelProvider): AppError =>
  new AppError('provider-not-found', `${MODEL_PROVIDER_FACTS[provider].label} is not set up`);
