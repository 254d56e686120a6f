import { type AppErrorCode, agentKindSchema } from '@everbeat/domain';
import type { FieldPath, UseFormSetError } from 'react-hook-form';
import { KIND_FORMS } from '@/features/agents/kinds';
import { appCodeOf, issuesOf, messageOf } from '@/lib/trpc/errors';
import { FormProblem } from './agentNeeds';
import type { TaskFields } from './taskFields';

/** The form field that an error code of the server concerns. */
const FIELD_OF_CODE: Partial<Record<AppErrorCode, keyof TaskFields>> = {
  'interval-too-short': 'every',
  'interval-missing': 'every',
  'pattern-invalid': 'pattern',
  'pattern-never-fires': 'pattern',
  'timezone-unknown': 'timezone',
  'agent-not-found': 'agentId',
  'agent-misconfigured': 'agentId',
};

const FIELD_OF_INPUT: Readonly<Record<string, keyof TaskFields>> = {
  instruction: 'instruction',
  name: 'name',
  agentId: 'agentId',
  heartbeatInterval: 'every',
  heartbeatTimeout: 'lease',
  schedulePattern: 'pattern',
  scheduleTimezone: 'timezone',
  priority: 'priority',
  maxTopics: 'maxTopics',
  'config.endAt': 'endAt',
  'config.budget': 'budget',
  'config.pacing': 'pacingMax',
  'config.pacing.minSeconds': 'pacingMin',
  'config.pacing.maxSeconds': 'pacingMax',
  'config.review.requirement': 'reviewRequirement',
  'config.review.maxIterations': 'reviewTimes',
  'config.review.agentId': 'reviewAgentId',
};

/** `config.watch.url` → `settings.watch.url` */
function settingAt(path: string): FieldPath<TaskFields> | undefined {
  const [, kind, name] = /^config\.(\w+)\.(\w+)$/.exec(path) ?? [];
  const known = agentKindSchema.safeParse(kind);
  if (!known.success || name === undefined) return undefined;
  const fields = KIND_FORMS[known.data].taskSettings?.fields ?? {};
  return Object.hasOwn(fields, name) ? `settings.${known.data}.${name}` : undefined;
}

/**
 * Removes the name of the input, which the field beside it says: "heartbeatInterval must be …" → "This must
 * be …".
 */
const besideField = (message: string): string => message.replace(/^[a-z]+[A-Z]\w* /, 'This ');

/**
 * Shows why saving failed at the fields it concerns. Returns the message of the rest, or null when there
 * is none.
 */
export function showServerProblems(error: unknown, setError: UseFormSetError<TaskFields>): string | null {
  if (error instanceof FormProblem) {
    setError(error.field, { message: error.message }, { shouldFocus: true });
    return null;
  }
  const code = appCodeOf(error);
  const field = code === null ? undefined : FIELD_OF_CODE[code];
  if (field !== undefined) {
    setError(field, { message: besideField(messageOf(error)) }, { shouldFocus: true });
    return null;
  }
  const unplaced: string[] = [];
  for (const issue of issuesOf(error)) {
    const place = FIELD_OF_INPUT[issue.path] ?? settingAt(issue.path);
    if (place === undefined)
      unplaced.push(issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`);
    else setError(place, { message: issue.message }, { shouldFocus: true });
  }
  if (unplaced.length > 0) return unplaced.join('; ');
  return issuesOf(error).length > 0 ? null : messageOf(error);
}
