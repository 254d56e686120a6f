import { secretFieldsOf } from '@everbeat/channels';
import {
  type ChannelConfigRow,
  type Queryable,
  readChannelConfigs,
  readPushKeys,
  readServerHeaders,
  readStoredProviders,
  replaceConfig,
  replaceProviderKey,
  replacePushKey,
  replaceServerHeaders,
  type ServerHeadersRow,
  type StoredProvider,
} from '@everbeat/database';
import { errorMessage, LIMITS, type Logger } from '@everbeat/domain';
import { sealedBy } from '@everbeat/vault';
import type { Keys } from './keys';
import type { SecretsService } from './SecretsService';
import { secretTextsOf } from './secretTexts';

export interface ResealDeps {
  db: Queryable;
  logger: Logger;
  keys: Keys;
  secrets: SecretsService;
}

/**
 * Seals with the present key what was sealed with a former one: the keys of model providers, the headers of
 * servers of tools, the secrets of channels, and the key for push messages. Of each there are few, and none
 * was ever stored otherwise.
 * @throws database errors
 */
export async function resealOthers(deps: ResealDeps): Promise<void> {
  const keyId = (await deps.keys.find())?.keyId;
  const isPresent = (text: string): boolean => sealedBy(text) === keyId;
  await inPages<StoredProvider>(
    (after, limit) => readStoredProviders(deps.db, after, limit),
    async ({ userId, provider, apiKey: from }) => {
      if (from === null || isPresent(from)) return;
      const row = { userId, provider };
      const to = await deps.secrets.sealApiKey(row, await deps.secrets.openApiKey(row, from));
      await replaceProviderKey(deps.db, { ...row, from, to });
    },
    deps.logger,
  );
  await inPages<ServerHeadersRow>(
    (after, limit) => readServerHeaders(deps.db, after?.id ?? null, limit),
    async ({ id, userId, headers: from }) => {
      if (Object.values(from).every(isPresent)) return;
      const row = { owner: userId, table: 'mcp_servers', row: id };
      const opened = await deps.secrets.open(row, { headers: from }, ['headers']);
      const { headers: to } = await deps.secrets.seal(row, opened, ['headers']);
      if (typeof to === 'object' && to !== null) await replaceServerHeaders(deps.db, { id, from, to });
    },
    deps.logger,
  );
  await inPages<ChannelConfigRow>(
    (after, limit) => readChannelConfigs(deps.db, after?.id ?? null, limit),
    async ({ userId, ...channel }) => {
      const { id, kind, config: from } = channel;
      if (secretTextsOf(from, secretFieldsOf(kind)).every(isPresent)) return;
      const config = await deps.secrets.openChannel(userId, channel);
      const to = await deps.secrets.sealChannel(userId, { id, kind, config });
      await replaceConfig(deps.db, 'channels', { id, from, to });
    },
    deps.logger,
  );
  await resealPushKey(deps, isPresent).catch((error: unknown) => tell(deps.logger, error));
}

async function resealPushKey(
  { db, secrets }: ResealDeps,
  isPresent: (text: string) => boolean,
): Promise<void> {
  const from = (await readPushKeys(db))?.privateKey;
  if (from === undefined || isPresent(from)) return;
  await replacePushKey(db, { from, to: await secrets.sealPushKey(await secrets.openPushKey(from)) });
}

const tell = (logger: Logger, error: unknown): void =>
  logger.warn({ reason: errorMessage(error) }, 'A stored secret could not be encrypted anew');

/** A row that cannot be sealed anew must not stop the others. */
async function inPages<Row>(
  read: (after: Row | null, limit: number) => Promise<Row[]>,
  reseal: (row: Row) => Promise<void>,
  logger: Logger,
): Promise<void> {
  const limit = LIMITS.watchdogBatchRows;
  for (let after: Row | null = null, isLast = false; !isLast; ) {
    const rows: Row[] = await read(after, limit);
    for (const row of rows) {
      await reseal(row).catch((error: unknown) => tell(logger, error));
    }
    after = rows.at(-1) ?? null;
    isLast = rows.length < limit;
  }
}
