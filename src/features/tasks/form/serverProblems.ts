import type { AppErrorCode } from '@everbeat/domain';
import type { UseFormSetError } from 'react-hook-form';
import { appCodeOf, issuesOf, messageOf } from '@/lib/trpc/errors';
import type { TaskFields } from './taskForm';

/** Where on the form the server's refusal belongs. */
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
  heartbeatTimeout: 'leaseSeconds',
  schedulePattern: 'pattern',
  scheduleTimezone: 'timezone',
  priority: 'priority',
  maxTopics: 'maxTopics',
  'config.watch.url': 'watchUrl',
  'config.watch.selector': 'watchSelector',
  'config.endAt': 'endAt',
  'config.pacing': 'pacingMaxSeconds',
  'config.pacing.minSeconds': 'pacingMinSeconds',
  'config.pacing.maxSeconds': 'pacingMaxSeconds',
};

/** Beside its field, a message need not name the input: "heartbeatInterval must be …" → "This must be …". */
const besideField = (message: string): string => message.replace(/^[a-z]+[A-Z]\w* /, 'This ');

/** Puts a refusal at its fields. Returns what belongs to none of them, or null. */
export function showServerProblems(error: unknown, setError: UseFormSetError<TaskFields>): string | null {
  const code = appCodeOf(error);
  const field = code === null ? undefined : FIELD_OF_CODE[code];
  if (field !== undefined) {
    setError(field, { message: besideField(messageOf(error)) }, { shouldFocus: true });
    return null;
  }
  const homeless: string[] = [];
  for (const issue of issuesOf(error)) {
    const place = FIELD_OF_INPUT[issue.path];
    if (place === undefined)
      homeless.push(issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`);
    else setError(place, { message: issue.message }, { shouldFocus: true });
  }
  if (homeless.length > 0) return homeless.join('; ');
  return issuesOf(error).length > 0 ? null : messageOf(error);
}
