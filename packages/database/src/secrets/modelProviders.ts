import { LIMITS, type ModelPrice, type ModelProvider, type OwnPrices, toInstant } from '@everbeat/domain';
import { modelProviders } from '../schema';
import { type RowOf, selection } from '../sql/columns';
import { allRows, firstRow, type Queryable } from '../sql/queryable';

const PROVIDER = selection(modelProviders, ['userId', 'provider', 'apiKey', 'baseUrl', 'updatedAt']);

/** Its key is as it is stored: sealed. */
export type StoredProvider = Pick<
  RowOf<typeof modelProviders>,
  'userId' | 'provider' | 'apiKey' | 'baseUrl' | 'updatedAt'
>;

/** What a user has set about models. */
export interface StoredModels {
  providers: StoredProvider[];
  defaultModel: string | null;
  /** What the user says that models cost. */
  prices: OwnPrices;
}

/** What each of the users has set, in their order. */
export async function loadStoredModels(db: Queryable, userIds: readonly string[]): Promise<StoredModels[]> {
  const rows = await allRows<StoredModels & { id: string }>(db, {
    name: 'everbeat_load_stored_models',
    text: `
      select u.id, u.default_model as "defaultModel", u.model_prices as prices, (
        select coalesce(jsonb_agg(jsonb_build_object('userId', p.user_id, 'provider', p.provider, 'apiKey', p.api_key,
          'baseUrl', p.base_url, 'updatedAt', p.updated_at)), '[]')
        from everbeat.model_providers p where p.user_id = u.id) as providers
      from everbeat.users u where u.id = any($1::text[])`,
    values: [userIds],
  });
  const byUser = new Map(rows.map((row) => [row.id, row]));
  return userIds.map((userId) => {
    const row = byUser.get(userId);
    const providers = (row?.providers ?? []).map((provider) => PROVIDER.parse(provider));
    return { providers, defaultModel: row?.defaultModel ?? null, prices: row?.prices ?? {} };
  });
}

type ProviderKey = Pick<StoredProvider, 'userId' | 'provider'>;

/** Null: the user has not entered this provider. */
export async function readStoredProvider(db: Queryable, key: ProviderKey): Promise<StoredProvider | null> {
  return firstRow<StoredProvider>(db, {
    name: 'everbeat_read_stored_provider',
    text: `select ${PROVIDER.of('p')} from everbeat.model_providers p where p.user_id = $1 and p.provider = $2`,
    values: [key.userId, key.provider],
  });
}

/** Adds the provider, or replaces what was entered before. */
export async function writeStoredProvider(
  db: Queryable,
  { userId, provider, apiKey, baseUrl }: Omit<StoredProvider, 'updatedAt'>,
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_write_stored_provider',
    text: `
      insert into everbeat.model_providers (user_id, provider, api_key, base_url, created_at, updated_at)
      values ($1, $2, $3, $4, $5::timestamptz, $5::timestamptz)
      on conflict (user_id, provider) do update
        set api_key = excluded.api_key, base_url = excluded.base_url, updated_at = excluded.updated_at`,
    values: [userId, provider, apiKey, baseUrl, toInstant(now)],
  });
}

/** Returns whether it was there. */
export async function deleteStoredProvider(db: Queryable, key: ProviderKey): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_delete_stored_provider',
    text: 'delete from everbeat.model_providers where user_id = $1 and provider = $2',
    values: [key.userId, key.provider],
  });
  return rowCount === 1;
}

export async function writeDefaultModel(
  db: Queryable,
  userId: string,
  model: string | null,
  now: Date,
): Promise<void> {
  await db.query({
    name: 'everbeat_write_default_model',
    text: 'update everbeat.users set default_model = $2, updated_at = $3::timestamptz where id = $1',
    values: [userId, model, toInstant(now)],
  });
}

/**
 * Stores what a model (`provider/model`) costs, or forgets it (null). Returns false when as many prices as
 * may be stored are already.
 */
export async function writeModelPrice(
  db: Queryable,
  { userId, model, price }: { userId: string; model: string; price: ModelPrice | null },
  now: Date,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_write_model_price',
    text: `
      update everbeat.users set updated_at = $4::timestamptz,
        model_prices = (model_prices - $2::text)
          || case when $3::jsonb is null then '{}'::jsonb else jsonb_build_object($2::text, $3::jsonb) end
      where id = $1 and ($3::jsonb is null
        or (select count(*) from jsonb_object_keys(model_prices - $2::text)) < ${LIMITS.ownPricesMax})`,
    values: [userId, model, price === null ? null : JSON.stringify(price), toInstant(now)],
  });
  return rowCount === 1;
}

/** The sealed keys of all users, in the order of the primary key, after one of them. */
export async function readStoredProviders(
  db: Queryable,
  after: { userId: string; provider: ModelProvider } | null,
  limit: number,
): Promise<StoredProvider[]> {
  return allRows<StoredProvider>(db, {
    name: 'everbeat_read_stored_providers',
    text: `
      select ${PROVIDER.of('p')} from everbeat.model_providers p
      where (p.user_id, p.provider) > (coalesce($1, ''), coalesce($2, '')) order by p.user_id, p.provider limit $3`,
    values: [after?.userId ?? null, after?.provider ?? null, limit],
  });
}

/** Replaces a key by the same one, sealed otherwise. Returns whether it was still as it was read. */
export async function replaceProviderKey(
  db: Queryable,
  { userId, provider, from, to }: ProviderKey & { from: string; to: string },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'everbeat_replace_provider_key',
    text: 'update everbeat.model_providers set api_key = $4 where user_id = $1 and provider = $2 and api_key = $3',
    values: [userId, provider, from, to],
  });
  return rowCount === 1;
}
