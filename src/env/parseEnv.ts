import type { SchedulerKind } from '@everbeat/domain';
import { isPrivateUrl } from './addresses';
import { contradictions, type EnvProblem, schedulerOf } from './contradictions';
import { ENV_NAMES, envSchema, type ParsedVariables, remedyOf } from './variables';

export type EnvSource = Record<string, string | undefined>;

/** The settings, with the defaults that depend on other settings filled in. */
export type Env = Omit<
  ParsedVariables,
  'APP_URL' | 'TASK_SCHEDULER' | 'ALLOW_PRIVATE_AGENT_URLS' | 'NOTIFY_ALLOW_PRIVATE_URLS'
> & {
  /** The public origin, without a slash at the end. */
  APP_URL: string;
  TASK_SCHEDULER: SchedulerKind;
  ALLOW_PRIVATE_AGENT_URLS: boolean;
  NOTIFY_ALLOW_PRIVATE_URLS: boolean;
};

export type EnvResult = { ok: true; env: Env } | { ok: false; problems: EnvProblem[] };

/**
 * Reads the settings from `source`; an empty value counts as absent. Returns all problems together, not the
 * first one.
 */
export function parseEnv(source: EnvSource): EnvResult {
  const given: EnvSource = {};
  for (const name of ENV_NAMES) given[name] = source[name]?.trim() || undefined;

  const parsed = envSchema.safeParse(given);
  if (parsed.success) {
    const problems = contradictions(parsed.data);
    return problems.length > 0 ? { ok: false, problems } : { ok: true, env: completed(parsed.data) };
  }
  const messages = new Map<string, string>();
  for (const { path, message } of parsed.error.issues.toReversed()) messages.set(String(path[0]), message);
  const problems = ENV_NAMES.flatMap((name) => {
    const problem = messages.get(name);
    return problem ? [{ name, problem, remedy: remedyOf(name) }] : [];
  });
  // Without the invalid values, the others can still be checked against each other.
  const valid = envSchema.parse(
    Object.fromEntries(Object.entries(given).filter(([name]) => !messages.has(name))),
  );
  const others = contradictions(valid).filter(({ name }) => !messages.has(name));
  return { ok: false, problems: [...problems, ...others] };
}

/** Lists every problem with its remedy, and never a value: it may be a secret. */
export class EnvError extends Error {
  override readonly name = 'EnvError';

  constructor(readonly problems: EnvProblem[]) {
    const lines = problems.map(({ name, problem, remedy }) => `  ${name} ${problem}. ${remedy}`);
    super(`The settings do not fit:\n${lines.join('\n')}`);
  }
}

function completed(parsed: ParsedVariables): Env {
  const appUrl = parsed.APP_URL ?? `http://localhost:${parsed.PORT}`;
  // One user on their own machine may have agents beside it. A server on the internet has neighbours that
  // a page must not reach through it.
  const allowsPrivate =
    parsed.ALLOW_PRIVATE_AGENT_URLS ?? (parsed.AGENT_RUNTIME_MODE === 'local' && isPrivateUrl(appUrl));
  return {
    ...parsed,
    APP_URL: appUrl,
    TASK_SCHEDULER: schedulerOf(parsed),
    ALLOW_PRIVATE_AGENT_URLS: allowsPrivate,
    NOTIFY_ALLOW_PRIVATE_URLS: parsed.NOTIFY_ALLOW_PRIVATE_URLS ?? allowsPrivate,
  };
}
