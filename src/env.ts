// biome-ignore-all lint/style/noProcessEnv: the only file that reads it; all other code is passed the parsed values
import { type Env, EnvError, type EnvSource, parseEnv } from './env/parseEnv';

/** @throws EnvError with every problem of this process's settings */
export function loadEnv(): Env {
  const result = parseEnv(process.env);
  if (result.ok) return result.env;
  throw new EnvError(result.problems);
}

/**
 * Next chooses its build by NODE_ENV when it is imported. Its telemetry is off: the operator did not agree to
 * it.
 */
export function declareForNext({ production }: { production: boolean }): void {
  Object.assign(process.env, { NEXT_TELEMETRY_DISABLED: '1', ...(production && { NODE_ENV: 'production' }) });
}

/** The whole environment of this process, from which child processes are given a part. */
export const hostEnvironment = (): EnvSource => ({ ...process.env });

/** True under `npm run dev`, where code changes while the process runs. */
export const isDevelopment = (): boolean => process.env.NODE_ENV === 'development';
