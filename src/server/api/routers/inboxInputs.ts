import {
  briefTypeSchema,
  inboxActSchema,
  inboxKindSchema,
  inboxViewSchema,
  LIMITS,
  taskRefSchema,
  UNTIL_IT_CHANGES,
} from '@everbeat/domain';
import { z } from 'zod';
import type { InboxOrder } from '../../services/inbox/InboxService';
import { pageAfter, text } from './inputs';

export const inboxListInput = z.object({
  view: inboxViewSchema,
  query: text(LIMITS.searchCharsMax)
    .optional()
    .transform((query) => query || undefined),
  taskId: taskRefSchema.optional(),
  agentId: z.uuid().optional(),
  type: briefTypeSchema.optional(),
  ...pageAfter(
    z
      .string()
      .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z_[0-9a-f-]{36}$/, 'is not the nextCursor of a page'),
  ),
});

const applyFields = z.object({
  act: inboxActSchema,
  briefIds: z.array(z.uuid()).min(1).max(LIMITS.inboxActBriefsMax).optional(),
  /** All of a task, or with `kind` all of one of its rows. */
  taskId: taskRefSchema.optional(),
  kind: inboxKindSchema.optional(),
  /** For `snooze`: an instant, or until it changes. */
  until: z.union([z.iso.datetime({ offset: true }), z.literal(UNTIL_IT_CHANGES)]).optional(),
  undoToken: z.uuid().optional(),
});

/** Each act with what it needs. */
export const inboxApplyInput = applyFields.transform((input, ctx): InboxOrder => {
  const { act, briefIds, taskId, kind, until, undoToken } = input;
  const refuse = (message: string) => {
    ctx.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (act === 'undo')
    return undoToken === undefined ? refuse('To undo, name the undoToken of the act') : { act, undoToken };
  if (act === 'snooze' && until === undefined)
    return refuse(`Say until when: an instant, or "${UNTIL_IT_CHANGES}"`);
  if (taskId !== undefined && briefIds === undefined) return { act, until, target: { taskId, kind } };
  if (briefIds !== undefined && taskId === undefined) return { act, until, target: { briefIds } };
  return refuse('Name either briefIds or a taskId');
});
