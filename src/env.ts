import { BlockList, isIP } from 'node:net';
import { SCHEDULER_KINDS, type SchedulerKind } from '@everbeat/domain';
import { z } from 'zod';

/** The only file that touches process.env. Everything else is handed the values that are parsed here. */

const PASSWORD_CHARS_MIN = 12;
const WEEK_SECONDS = 604_800;

const text = z.string().optional();

function integer({ min, max, fallback }: { min: number; max: number; fallback: number }) {
  const problem = `must be a whole number from ${min} to ${max}`;
  return z
    .string()
    .regex(/^\d{1,9}$/, problem)
    .transform(Number)
    .refine((value) => value >= min && value <= max, problem)
    .default(fallback);
}

function httpUrl(problem: string) {
  return z.string().refine((value) => /^https?:$/.test(parsedUrl(value)?.protocol ?? ''), problem);
}

function jsonRecord(keyPattern: RegExp, problem: string) {
  return z
    .string()
    .transform((value, context) => {
      const parsed = z
        .record(z.string().regex(keyPattern), z.string().trim().min(1))
        .safeParse(parsedJson(value));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: problem });
      return z.NEVER;
    })
    .optional();
}

const isOrigin = (value: string) => {
  const url = parsedUrl(value);
  return !!url && url.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
};

const schema = z.object({
  DATABASE_URL: z
    .string()
    .refine((value) => /^postgres(ql)?:$/.test(parsedUrl(value)?.protocol ?? ''), 'is not a postgres:// URL')
    .optional(),
  DATA_DIR: z.string().default('.data'),
  HOST: z
    .string()
    .regex(/^[\w.:-]+$/, 'is not a host name or an address')
    .default('127.0.0.1'),
  PORT: integer({ min: 1, max: 65_535, fallback: 3000 }),
  APP_URL: httpUrl('is not an absolute http(s) URL')
    .refine(isOrigin, 'has more than a scheme, a host and a port')
    .transform((value) => new URL(value).origin)
    .optional(),
  ACCESS_PASSWORD: z
    .string()
    .min(PASSWORD_CHARS_MIN, `is shorter than ${PASSWORD_CHARS_MIN} characters`)
    .optional(),
  AGENT_RUNTIME_MODE: z.enum(['local', 'queue'], 'is neither "local" nor "queue"').default('local'),
  TASK_SCHEDULER: z.enum(SCHEDULER_KINDS, `is none of ${SCHEDULER_KINDS.join(', ')}`).optional(),
  QSTASH_URL: httpUrl('is not an absolute http(s) URL').default('https://qstash.upstash.io'),
  QSTASH_TOKEN: text,
  QSTASH_CURRENT_SIGNING_KEY: text,
  QSTASH_NEXT_SIGNING_KEY: text,
  QSTASH_MAX_DELAY_SECONDS: integer({ min: 1, max: 366 * 86_400, fallback: WEEK_SECONDS }),
  QSTASH_FORWARD_HEADERS: jsonRecord(/^[\w-]+$/, 'is not a JSON object of header names and texts'),
  HEARTBEAT_MIN_SECONDS: integer({ min: 1, max: 86_400, fallback: 10 }),
  WATCHDOG_INTERVAL_SECONDS: integer({ min: 1, max: 3_600, fallback: 30 }),
  WATCHDOG_GRACE_SECONDS: integer({ min: 0, max: 86_400, fallback: 30 }),
  AGENT_COMMANDS: jsonRecord(/\S/, 'is not a JSON object of names and command lines'),
  ALLOW_PRIVATE_AGENT_URLS: z
    .enum(['0', '1'], 'is neither 1 nor 0')
    .transform((value) => value === '1')
    .optional(),
  MODEL_DEFAULT: z
    .string()
    .regex(/^[\w-]+\/\S+$/, 'is not of the form provider/model')
    .optional(),
  OPENAI_API_KEY: text,
  OPENAI_BASE_URL: httpUrl('is not an absolute http(s) URL').optional(),
  ANTHROPIC_API_KEY: text,
  ANTHROPIC_BASE_URL: httpUrl('is not an absolute http(s) URL').optional(),
  GOOGLE_GENERATIVE_AI_API_KEY: text,
  GOOGLE_BASE_URL: httpUrl('is not an absolute http(s) URL').optional(),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'is not a level of logging')
    .default('info'),
});

type Parsed = z.infer<typeof schema>;
export type EnvName = keyof Parsed;
export const ENV_NAMES = schema.keyof().options;

/** The settings, with what follows from them filled in. */
export type Env = Omit<Parsed, 'APP_URL' | 'TASK_SCHEDULER' | 'ALLOW_PRIVATE_AGENT_URLS'> & {
  /** The public origin, without a slash at the end. */
  APP_URL: string;
  TASK_SCHEDULER: SchedulerKind;
  ALLOW_PRIVATE_AGENT_URLS: boolean;
};

export interface EnvProblem {
  name: EnvName;
  problem: string;
  remedy: string;
}

const FROM_THE_CONSOLE = 'Copy it from the QStash page of the Upstash console.';

/** How a value of each variable should look, said to whoever gave another one. */
const REMEDIES: Record<EnvName, string> = {
  DATABASE_URL: 'Give postgres://user:password@host:5432/name, or leave it empty for the embedded database.',
  DATA_DIR: 'Name a folder that Everbeat may write to.',
  HOST: 'Give 127.0.0.1 for this machine alone, or 0.0.0.0 for the network.',
  PORT: 'Give a free port, such as 3000.',
  APP_URL: 'Give the public address alone, such as https://everbeat.example.com.',
  ACCESS_PASSWORD: `Give at least ${PASSWORD_CHARS_MIN} characters, or leave it empty.`,
  AGENT_RUNTIME_MODE: 'Give local for one lasting process, or queue for serverless hosts.',
  TASK_SCHEDULER: 'Give local or qstash, or leave it empty: it follows AGENT_RUNTIME_MODE.',
  QSTASH_URL: 'Give the address of your QStash region, or leave it empty.',
  QSTASH_TOKEN: FROM_THE_CONSOLE,
  QSTASH_CURRENT_SIGNING_KEY: FROM_THE_CONSOLE,
  QSTASH_NEXT_SIGNING_KEY: FROM_THE_CONSOLE,
  QSTASH_MAX_DELAY_SECONDS: 'Give the longest delay of your plan in seconds: 604800 is seven days.',
  QSTASH_FORWARD_HEADERS: 'Give for example {"x-vercel-protection-bypass":"secret"}.',
  HEARTBEAT_MIN_SECONDS: 'Give the shortest interval that a task may have, in seconds.',
  WATCHDOG_INTERVAL_SECONDS: 'Give the seconds between two sweeps of the watchdog.',
  WATCHDOG_GRACE_SECONDS: 'Give the seconds a tick may be late before the watchdog sends it again.',
  AGENT_COMMANDS: 'Give for example {"report":"node scripts/report.mjs"}.',
  ALLOW_PRIVATE_AGENT_URLS:
    'Give 1 to let agents call this machine and its private network, 0 to refuse that.',
  MODEL_DEFAULT: 'Give for example anthropic/claude-sonnet-4-5.',
  OPENAI_API_KEY: 'Copy it from the provider, or leave it empty.',
  OPENAI_BASE_URL: 'Give the address of an API that speaks as OpenAI does, or leave it empty.',
  ANTHROPIC_API_KEY: 'Copy it from the provider, or leave it empty.',
  ANTHROPIC_BASE_URL: 'Give the address of the API, or leave it empty.',
  GOOGLE_GENERATIVE_AI_API_KEY: 'Copy it from the provider, or leave it empty.',
  GOOGLE_BASE_URL: 'Give the address of the API, or leave it empty.',
  LOG_LEVEL: 'Give trace, debug, info, warn, error, fatal or silent.',
};

export type EnvSource = Record<string, string | undefined>;
export type EnvResult = { ok: true; env: Env } | { ok: false; problems: EnvProblem[] };

/** Reads the settings from `source`; an empty value is an absent one. Answers with everything that is wrong at once. */
export function parseEnv(source: EnvSource): EnvResult {
  const given: EnvSource = {};
  for (const name of ENV_NAMES) given[name] = source[name]?.trim() || undefined;

  const parsed = schema.safeParse(given);
  if (parsed.success) {
    const problems = contradictions(parsed.data);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, env: completed(parsed.data) };
  }
  const complaints = new Map<string, string>();
  for (const { path, message } of parsed.error.issues.toReversed()) complaints.set(String(path[0]), message);
  const problems = ENV_NAMES.flatMap((name) => {
    const problem = complaints.get(name);
    return problem ? [{ name, problem, remedy: REMEDIES[name] }] : [];
  });
  // Without the values that are wrong in themselves, the others can still be held against each other.
  const rest = schema.parse(
    Object.fromEntries(Object.entries(given).filter(([name]) => !complaints.has(name))),
  );
  const others = contradictions(rest).filter(({ name }) => !complaints.has(name));
  return { ok: false, problems: [...problems, ...others] };
}

/** The settings of this process. Throws one EnvError that lists all that is wrong. */
export function loadEnv(): Env {
  const result = parseEnv(process.env);
  if (result.ok) return result.env;
  throw new EnvError(result.problems);
}

/** Next chooses its build by NODE_ENV when it is imported; nobody who runs Everbeat agreed to its telemetry. */
export function declareForNext({ production }: { production: boolean }): void {
  Object.assign(process.env, { NEXT_TELEMETRY_DISABLED: '1', ...(production && { NODE_ENV: 'production' }) });
}

/** Names every variable that is wrong, why, and what to do; it holds no value, for a value may be a secret. */
export class EnvError extends Error {
  override readonly name = 'EnvError';

  constructor(readonly problems: EnvProblem[]) {
    const lines = problems.map(({ name, problem, remedy }) => `  ${name} ${problem}. ${remedy}`);
    super(`The settings do not fit:\n${lines.join('\n')}`);
  }
}

function completed(parsed: Parsed): Env {
  return {
    ...parsed,
    APP_URL: parsed.APP_URL ?? `http://localhost:${parsed.PORT}`,
    TASK_SCHEDULER: schedulerOf(parsed),
    // One user, on their own machine: their agents may live beside it.
    ALLOW_PRIVATE_AGENT_URLS: parsed.ALLOW_PRIVATE_AGENT_URLS ?? true,
  };
}

const schedulerOf = (parsed: Parsed): SchedulerKind =>
  parsed.TASK_SCHEDULER ?? (parsed.AGENT_RUNTIME_MODE === 'queue' ? 'qstash' : 'local');

/** What is right by itself but not together. */
function contradictions(parsed: Parsed): EnvProblem[] {
  return [...exposureProblems(parsed), ...queueModeProblems(parsed), ...qstashProblems(parsed)];
}

function exposureProblems({ HOST, ACCESS_PASSWORD }: Parsed): EnvProblem[] {
  if (isLoopback(HOST) || ACCESS_PASSWORD) return [];
  return [
    {
      name: 'HOST',
      problem: 'lets anyone on the network command your agents, because no password is set',
      remedy: 'Set ACCESS_PASSWORD too, or leave HOST empty to serve this machine alone.',
    },
  ];
}

function queueModeProblems(parsed: Parsed): EnvProblem[] {
  if (parsed.AGENT_RUNTIME_MODE !== 'queue') return [];
  const problems: EnvProblem[] = [];
  if (!parsed.DATABASE_URL) {
    problems.push({
      name: 'DATABASE_URL',
      problem: 'is needed in queue mode, where no folder outlives a request',
      remedy: REMEDIES.DATABASE_URL.replace(/, or .*/, '.'),
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

function qstashProblems(parsed: Parsed): EnvProblem[] {
  if (schedulerOf(parsed) !== 'qstash') return [];
  const needed = [
    'QSTASH_TOKEN',
    'QSTASH_CURRENT_SIGNING_KEY',
    'QSTASH_NEXT_SIGNING_KEY',
    'APP_URL',
  ] as const;
  const problems: EnvProblem[] = needed
    .filter((name) => !parsed[name])
    .map((name) => ({ name, problem: 'is needed with QStash', remedy: REMEDIES[name] }));
  if (parsed.APP_URL && isPrivate(parsed.APP_URL) && !isPrivate(parsed.QSTASH_URL)) {
    problems.push({
      name: 'APP_URL',
      problem: 'is an address that QStash cannot reach from the internet',
      remedy: 'Give the public address, or point QSTASH_URL at the local QStash development server.',
    });
  }
  return problems;
}

const PRIVATE_ADDRESSES = new BlockList();
PRIVATE_ADDRESSES.addSubnet('0.0.0.0', 8);
PRIVATE_ADDRESSES.addSubnet('10.0.0.0', 8);
PRIVATE_ADDRESSES.addSubnet('100.64.0.0', 10);
PRIVATE_ADDRESSES.addSubnet('127.0.0.0', 8);
PRIVATE_ADDRESSES.addSubnet('169.254.0.0', 16);
PRIVATE_ADDRESSES.addSubnet('172.16.0.0', 12);
PRIVATE_ADDRESSES.addSubnet('192.168.0.0', 16);
PRIVATE_ADDRESSES.addSubnet('::', 127, 'ipv6');
PRIVATE_ADDRESSES.addSubnet('fc00::', 7, 'ipv6');
PRIVATE_ADDRESSES.addSubnet('fe80::', 10, 'ipv6');

function isPrivate(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  if (isIP(host)) return PRIVATE_ADDRESSES.check(host, isIP(host) === 6 ? 'ipv6' : 'ipv4');
  return isLoopback(host) || /\.(localhost|local|internal)$/.test(host) || !host.includes('.');
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function parsedUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function parsedJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Whether nobody but this machine can call: neither the address listened on nor the public one is reached from elsewhere. */
export const isReachedFromThisHostAlone = ({ HOST, APP_URL }: Env): boolean =>
  isLoopback(HOST) && isLoopback(new URL(APP_URL).hostname);

/** The whole environment of this process, from which the programs that it starts are given a part. */
export const hostEnvironment = (): EnvSource => ({ ...process.env });

/** Under `npm run dev`, where code changes while the process lives. */
export const isDevelopment = (): boolean => process.env.NODE_ENV === 'development';
