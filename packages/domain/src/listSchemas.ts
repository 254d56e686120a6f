import { z } from 'zod';
import { AGENT_KINDS, type AgentKind } from './agentKinds';
import { INBOX_ACTS, INBOX_KINDS, INBOX_VIEWS } from './inbox';
import { TASK_GROUPS, TASK_SORTS } from './priority';
import {
  ANSWER_TIMES,
  AUTHORS,
  AUTOMATION_MODES,
  BLOCKERS,
  BRIEF_PRIORITIES,
  BRIEF_TYPES,
  FAILURE_CLASSES,
  MESSAGE_ROLES,
  OPERATION_STATUSES,
  REVIEW_VERDICTS,
  SETTLED_STATUSES,
  STOP_CAUSES,
  STREAK_CLASSES,
  TASK_ATTENTION,
  TASK_STATUSES,
  TOOL_POLICIES,
  TRIGGERS,
} from './status';

/** The zod schemas of the closed lists. */

export const taskStatusSchema = z.enum(TASK_STATUSES);
export const taskAttentionSchema = z.enum(TASK_ATTENTION);
export const automationModeSchema = z.enum(AUTOMATION_MODES);
export const triggerSchema = z.enum(TRIGGERS);
export const operationStatusSchema = z.enum(OPERATION_STATUSES);
export const settledStatusSchema = z.enum(SETTLED_STATUSES);
export const toolPolicySchema = z.enum(TOOL_POLICIES);
export const reviewVerdictSchema = z.enum(REVIEW_VERDICTS);
export const failureClassSchema = z.enum(FAILURE_CLASSES);
export const streakClassSchema = z.enum(STREAK_CLASSES);
export const blockerSchema = z.enum(BLOCKERS);
export const stopCauseSchema = z.enum(STOP_CAUSES);
export const briefTypeSchema = z.enum(BRIEF_TYPES);
export const briefPrioritySchema = z.enum(BRIEF_PRIORITIES);
export const inboxViewSchema = z.enum(INBOX_VIEWS);
export const inboxActSchema = z.enum(INBOX_ACTS);
export const inboxKindSchema = z.enum(INBOX_KINDS);
export const answerTimeSchema = z.enum(ANSWER_TIMES);
export const authorSchema = z.enum(AUTHORS);
export const messageRoleSchema = z.enum(MESSAGE_ROLES);
export const agentKindSchema = z.enum(AGENT_KINDS);
export const taskSortSchema = z.enum(TASK_SORTS);
export const taskGroupSchema = z.enum(TASK_GROUPS);

/**
 * Builds one value for each kind of agent. They are written out, so that the compiler sees that none is
 * missing.
 */
export const perAgentKind = <Value>(build: (kind: AgentKind) => Value): Record<AgentKind, Value> => ({
  watch: build('watch'),
  http: build('http'),
  model: build('model'),
  command: build('command'),
});
