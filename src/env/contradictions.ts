import type { SchedulerKind } from '@everbeat/domain';
import { isLoopback, isPrivateUrl } from './addresses';
import { type EnvName, type ParsedVariables, remedyOf } from './variables';

export interface EnvProblem {
  name: EnvName;
  problem: string;
  remedy: string;
}

/** Values that are valid one by one but not together. */
export function contradictions(parsed: ParsedVariables): EnvProblem[] {
  return [
    ...exposureProblems(parsed),
    ...databaseProblems(parsed),
    ...mailProblems(parsed),
    ...queueModeProblems(parsed),
    ...qstashProblems(parsed),
  ];
}

export const schedulerOf = (parsed: ParsedVariables): SchedulerKind =>
  parsed.TASK_SCHEDULER ?? (parsed.AGENT_RUNTIME_MODE === 'queue' ? 'qstash' : 'local');

function exposureProblems({ HOST, ACCESS_PASSWORD }: ParsedVariables): EnvProblem[] {
  if (isLoopback(HOST) || ACCESS_PASSWORD) return [];
  return [
    {
      name: 'HOST',
      problem: 'lets anyone on the network command your agents, because no password is set',
      remedy: 'Set ACCESS_PASSWORD too, or leave HOST empty to serve this machine alone.',
    },
  ];
}

function databaseProblems({ DATABASE_URL, DATABASE_DIRECT_URL }: ParsedVariables): EnvProblem[] {
  if (DATABASE_DIRECT_URL === undefined || DATABASE_URL !== undefined) return [];
  return [
    {
      name: 'DATABASE_DIRECT_URL',
      problem: 'is given without DATABASE_URL, which it is another way to',
      remedy: 'Set DATABASE_URL too, or leave it empty for the embedded database.',
    },
  ];
}

function mailProblems({ SMTP_URL, MAIL_FROM }: ParsedVariables): EnvProblem[] {
  if (SMTP_URL === undefined || MAIL_FROM !== undefined) return [];
  return [
    {
      name: 'MAIL_FROM',
      problem: 'is needed with SMTP_URL: mails have a sender',
      remedy: remedyOf('MAIL_FROM'),
    },
  ];
}

function queueModeProblems(parsed: ParsedVariables): EnvProblem[] {
  if (parsed.AGENT_RUNTIME_MODE !== 'queue') return [];
  const problems: EnvProblem[] = [];
  if (!parsed.DATABASE_URL) {
    problems.push({
      name: 'DATABASE_URL',
      problem: 'is needed in queue mode, where no folder outlives a request',
      remedy: 'Give postgres://user:password@host:5432/name.',
    });
  }
  if (parsed.TASK_SCHEDULER === 'local') {
    problems.push({
      name: 'TASK_SCHEDULER',
      problem: 'is "local" in queue mode, where no process lives on to keep time',
      remedy: 'Set TASK_SCHEDULER=qstash, or AGENT_RUNTIME_MODE=local.',
    });
  }
  if (parsed.AGENT_COMMANDS) {
    problems.push({
      name: 'AGENT_COMMANDS',
      problem: 'is set in queue mode, where there is no machine to run commands on',
      remedy: 'Leave it empty, or set AGENT_RUNTIME_MODE=local.',
    });
  }
  return problems;
}

function qstashProblems(parsed: ParsedVariables): EnvProblem[] {
  if (schedulerOf(parsed) !== 'qstash') return [];
  const needed = [
    'QSTASH_TOKEN',
    'QSTASH_CURRENT_SIGNING_KEY',
    'QSTASH_NEXT_SIGNING_KEY',
    'APP_URL',
  ] as const;
  const problems: EnvProblem[] = needed
    .filter((name) => !parsed[name])
    .map((name) => ({ name, problem: 'is needed with QStash', remedy: remedyOf(name) }));
  if (parsed.APP_URL && isPrivateUrl(parsed.APP_URL) && !isPrivateUrl(parsed.QSTASH_URL)) {
    problems.push({
      name: 'APP_URL',
      problem: 'is an address that QStash cannot reach from the internet',
      remedy: 'Give the public address, or point QSTASH_URL at the local QStash development server.',
    });
  }
  return problems;
}
