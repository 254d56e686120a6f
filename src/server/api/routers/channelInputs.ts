import {
  channelKindSchema,
  isStorableJson,
  LIMITS,
  NOT_STORABLE,
  quietHoursSchema,
  taskRefSchema,
  taskRulesSchema,
} from '@everbeat/domain';
import { addressSchema } from '@everbeat/outgoing';
import { z } from 'zod';
import { pageAfter, text } from './inputs';

/** Checked further by the kind of the channel. */
const config = z
  .record(z.string(), z.json())
  .refine((value) => JSON.stringify(value).length <= LIMITS.configBytesMax, {
    message: `must not be larger than ${LIMITS.configBytesMax} bytes`,
  })
  .refine(isStorableJson, NOT_STORABLE);

const settings = {
  name: text(LIMITS.nameCharsMax).min(1, 'A channel needs a name'),
  /** The rules of kinds of news that are left out stay as they are. */
  rules: taskRulesSchema,
  isEnabled: z.boolean(),
  quietHours: quietHoursSchema.nullable(),
  coolDownMinutes: z.int().min(0).max(LIMITS.coolDownMinutesMax),
};

export const channelIdInput = z.object({ id: z.uuid() });
export const channelCreateInput = z.object({
  ...z.object(settings).partial().shape,
  kind: channelKindSchema,
  config,
});
export const channelUpdateInput = z.object({
  ...z.object({ ...settings, config }).partial().shape,
  id: z.uuid(),
});

/** As a channel of Telegram has them. */
export const findChatsInput = z.object({
  botToken: z.string().regex(/^\d{1,20}:[\w-]{20,100}$/, 'must be a token of @BotFather'),
  apiUrl: addressSchema.optional(),
});

export const channelOfTaskInput = z.object({ taskId: taskRefSchema });
/** No rules: the task is told as the channel says. */
export const channelTaskRulesInput = channelOfTaskInput.extend({
  channelId: z.uuid(),
  rules: taskRulesSchema,
});

export const deliveryIdInput = z.object({ id: z.uuid() });
export const deliveryListInput = z
  .object({
    briefId: z.uuid().optional(),
    channelId: z.uuid().optional(),
    ...pageAfter(z.string().regex(/^\d{4}-[\dT:.-]{19}Z_[\da-f-]{36}$/, 'is not the nextCursor of a page')),
  })
  .default({ cursor: undefined });
