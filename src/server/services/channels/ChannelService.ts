import {
  addressFieldOf,
  CHANNEL_LABELS,
  type ChannelMessage,
  channelConfigSchema,
  secretFieldsOf,
} from '@everbeat/channels';
import {
  askForDelivery,
  type ChannelWrite,
  createChannel,
  type DeliveryFilter,
  deleteChannel,
  readBrief,
  readChannel,
  readChannels,
  readChannelsOfTask,
  readDeliveries,
  readDelivery,
  readTaskId,
  recordChannelFails,
  recordChannelWorks,
  type StoredChannel,
  updateChannel,
  writeTaskRules,
} from '@everbeat/database';
import {
  AppError,
  type ChannelKind,
  type ChannelOfTaskView,
  type ChannelView,
  type Clock,
  DEFAULT_RULES,
  type DeliveryView,
  describeIssues,
  FURTHER_RULES,
  type Ids,
  LIMITS,
  type Page,
  type QuietHours,
  storableText,
  type TaskRules,
  withRules,
  withTimeout,
} from '@everbeat/domain';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { MessageSender } from '../deliveries/ports';
import { orThrow } from '../reads/ReadService';
import { maskSecrets, unmaskFields } from '../secrets/maskedConfig';
import type { SecretsService } from '../secrets/SecretsService';
import type { Config } from '../secrets/secretTexts';
import type { PushKeys } from './PushKeys';
import { receivingOf } from './receivingOf';

interface ChannelSettings {
  name: string;
  config: Config;
  rules: TaskRules;
  isEnabled: boolean;
  quietHours: QuietHours | null;
  coolDownMinutes: number;
}

export type ChannelInput = { kind: ChannelKind; config: Config } & Partial<ChannelSettings>;
export type ChannelEdit = { id: string } & Partial<ChannelSettings>;

export interface ChannelTrial {
  ok: boolean;
  /** What was wrong, with the remedy; null: the message was taken. */
  problem: string | null;
}

export interface ChannelServiceDeps {
  pool: Pool;
  clock: Clock;
  ids: Ids;
  secrets: Pick<SecretsService, 'openChannel' | 'sealChannel'>;
  sender: MessageSender;
  pushKeys: Pick<PushKeys, 'get'>;
  appUrl: string;
  /** Whether services on the web can call this server. */
  isPublic: boolean;
  /** Whether Telegram is to report to this server. */
  hasReports: boolean;
  /** Has what is due sent. Never rejects. */
  tell(): Promise<void>;
  /**
   * Has what is sent to the bots of channels come here that had, or have, these configurations, with their
   * secrets. Never rejects.
   */
  follow(configs: readonly unknown[]): Promise<void>;
}

/** The channels by which a user is told, and what was sent to them. Secrets never leave in a view. */
export class ChannelService {
  constructor(private readonly deps: ChannelServiceDeps) {}

  async list(userId: string): Promise<ChannelView[]> {
    return this.viewsOf(await readChannels(this.deps.pool, userId));
  }

  /** @throws AppError `invalid-input`, `limit-reached`, `secrets-key-missing`, `secrets-unreadable` */
  async create(userId: string, { kind, ...input }: ChannelInput): Promise<ChannelView> {
    const { pool, clock, ids } = this.deps;
    const isFirst = (await readChannels(pool, userId)).length === 0;
    const channel: ChannelWrite = {
      id: ids.row(),
      userId,
      kind,
      name: input.name ?? CHANNEL_LABELS[kind],
      config: checkedConfig(kind, input.config),
      rules: withRules(isFirst ? DEFAULT_RULES : FURTHER_RULES, input.rules),
      isEnabled: input.isEnabled ?? true,
      quietHours: input.quietHours ?? null,
      coolDownMinutes: input.coolDownMinutes ?? LIMITS.coolDownMinutesDefault,
    };
    const created = await createChannel(pool, await this.sealed(channel), clock.now());
    await Promise.all([this.deps.tell(), this.deps.follow([channel.config])]);
    return this.viewOf(created);
  }

  /**
   * A secret that is sent back as its mask keeps its stored value, unless the channel gets the address of
   * another server. What waits to be tried again is sent now.
   * @throws AppError `channel-not-found`, `invalid-input`, `agent-misconfigured`, `state-changed`,
   * `secrets-unreadable`
   */
  async update(userId: string, { id, ...edit }: ChannelEdit): Promise<ChannelView> {
    const { pool, clock, secrets } = this.deps;
    const stored = orThrow(await readChannel(pool, userId, id), 'channel-not-found');
    const { kind, updatedAt } = stored;
    const before = await secrets.openChannel(userId, stored);
    const config =
      edit.config === undefined ? before : checkedConfig(kind, unmasked(kind, edit.config, before));
    const channel: ChannelWrite = {
      id,
      userId,
      kind,
      config,
      name: edit.name ?? stored.name,
      rules: withRules(stored.rules, edit.rules),
      isEnabled: edit.isEnabled ?? stored.isEnabled,
      quietHours: edit.quietHours === undefined ? stored.quietHours : edit.quietHours,
      coolDownMinutes: edit.coolDownMinutes ?? stored.coolDownMinutes,
    };
    const updated = await updateChannel(pool, await this.sealed(channel), updatedAt, clock.now());
    await Promise.all([this.deps.tell(), this.deps.follow([before, config])]);
    return this.viewOf(updated);
  }

  /** What was to be sent to it is not sent. @throws AppError `channel-not-found` */
  async delete(userId: string, id: string): Promise<ChannelView> {
    const { pool, clock, secrets } = this.deps;
    const deleted = orThrow(await deleteChannel(pool, userId, id, clock.now()), 'channel-not-found');
    // A channel whose secrets cannot be opened can be deleted all the same.
    const config = await secrets.openChannel(userId, deleted).catch(() => null);
    await Promise.all([this.deps.tell(), this.deps.follow([config])]);
    return this.viewOf(deleted);
  }

  /**
   * Sends a message that says that it is a trial. The channel keeps how it ended.
   * @throws AppError `channel-not-found`, `secrets-unreadable`
   */
  async test(userId: string, id: string): Promise<ChannelTrial> {
    const { pool, clock, ids, secrets, sender, appUrl } = this.deps;
    const channel = orThrow(await readChannel(pool, userId, id), 'channel-not-found');
    const { kind, name } = channel;
    const messageId = ids.row();
    const message: ChannelMessage = {
      id: messageId,
      kind: 'good-to-know',
      priority: 'normal',
      task: null,
      actions: [],
      title: 'Everbeat reaches you here',
      text: `This is a trial of the channel ${name}. There is nothing to do.`,
      url: `${appUrl}/`,
      threadKey: messageId,
    };
    const config = await secrets.openChannel(userId, channel);
    const result = await withTimeout(clock, TRIAL_MS_MAX, (signal) =>
      sender.send({ kind, config }, message, signal),
    );
    if (!result.isSent) {
      const problem = storableText(result.error, LIMITS.errorMessageCharsMax);
      await recordChannelFails(pool, { userId, channelId: id, problem }, clock.now());
      return { ok: false, problem };
    }
    await recordChannelWorks(pool, { userId, channelId: id }, clock.now());
    await Promise.all([this.deps.tell(), this.deps.follow([config])]);
    return { ok: true, problem: null };
  }

  /**
   * The public key of this server, with which a browser subscribes to its push messages.
   * @throws AppError `secrets-key-missing`, `secrets-unreadable`
   */
  async pushKey(): Promise<{ publicKey: string }> {
    const { publicKey } = await this.deps.pushKeys.get();
    return { publicKey };
  }

  /** What each channel does for a task. @throws AppError `task-not-found` */
  async ofTask(userId: string, task: string): Promise<ChannelOfTaskView[]> {
    const { pool } = this.deps;
    const taskId = orThrow(await readTaskId(pool, userId, task), 'task-not-found');
    return orThrow(await readChannelsOfTask(pool, userId, taskId), 'task-not-found');
  }

  /**
   * Chooses otherwise for one task; no rules: as the channel says. @throws AppError `task-not-found`,
   * `channel-not-found`
   */
  async setForTask(
    userId: string,
    { task, channelId, rules }: { task: string; channelId: string; rules: TaskRules },
  ): Promise<ChannelOfTaskView[]> {
    const { pool } = this.deps;
    const taskId = orThrow(await readTaskId(pool, userId, task), 'task-not-found');
    const isWritten = await writeTaskRules(pool, { userId, taskId, channelId, rules });
    if (!isWritten) orThrow(null, 'channel-not-found');
    return this.ofTask(userId, taskId);
  }

  /** Newest first. @throws AppError `brief-not-found`, `channel-not-found` */
  async deliveries(userId: string, filter: DeliveryFilter): Promise<Page<DeliveryView>> {
    const { pool } = this.deps;
    const { briefId, channelId } = filter;
    if (briefId !== undefined) orThrow(await readBrief(pool, userId, briefId), 'brief-not-found');
    if (channelId !== undefined) orThrow(await readChannel(pool, userId, channelId), 'channel-not-found');
    return readDeliveries(pool, userId, filter);
  }

  /**
   * Sends a delivery that has ended without arriving, whatever the rules say.
   * @throws AppError `delivery-not-found`, `state-changed`
   */
  async retry(userId: string, id: string): Promise<DeliveryView> {
    const { pool, clock } = this.deps;
    orThrow(await readDelivery(pool, userId, id), 'delivery-not-found');
    if (!(await askForDelivery(pool, { userId, id }, clock.now()))) {
      throw new AppError(
        'state-changed',
        'It was sent, it is still tried, or its channel is gone; reload the page to see which',
      );
    }
    await this.deps.tell();
    return orThrow(await readDelivery(pool, userId, id), 'delivery-not-found');
  }

  private async viewOf(channel: StoredChannel): Promise<ChannelView> {
    const [view] = await this.viewsOf([channel]);
    return orThrow(view ?? null, 'channel-not-found');
  }

  private async viewsOf(channels: readonly StoredChannel[]): Promise<ChannelView[]> {
    const receiving = await receivingOf(this.deps, channels);
    return channels.map((channel) => ({
      ...channel,
      config: maskSecrets(channel.config, secretFieldsOf(channel.kind)),
      receiving: receiving.get(channel.id) ?? null,
    }));
  }

  private async sealed(channel: ChannelWrite): Promise<ChannelWrite> {
    return { ...channel, config: await this.deps.secrets.sealChannel(channel.userId, channel) };
  }
}

const TRIAL_MS_MAX = 20_000;

const fieldsSchema = z.record(z.string(), z.unknown());

/** @throws AppError `invalid-input` */
function checkedConfig(kind: ChannelKind, config: Config): Config {
  const parsed = channelConfigSchema(kind).safeParse(config);
  if (!parsed.success) throw new AppError('invalid-input', describeIssues(parsed.error));
  return fieldsSchema.parse(parsed.data);
}

/** With stored values for its masks. @throws AppError `agent-misconfigured` */
const unmasked = (kind: ChannelKind, config: Config, stored: Config): Config =>
  unmaskFields(config, stored, {
    secretFields: secretFieldsOf(kind),
    addressField: addressFieldOf(kind),
    whose: 'the channel',
  });
