import path from 'node:path';
import type { Env } from '@/env/parseEnv';
import { type KeySource, Keys } from '../services/secrets/keys';

/** The keys of this server. None is read or made before it is needed. */
export const keysOf = (env: Env): Keys => new Keys(sourceOf(env));

/** In queue mode no folder outlives a request. */
function sourceOf({ SECRETS_KEY: keys, AGENT_RUNTIME_MODE, DATA_DIR }: Env): KeySource {
  if (keys !== undefined) return { kind: 'environment', keys };
  return AGENT_RUNTIME_MODE === 'local' ? { kind: 'file', folder: path.resolve(DATA_DIR) } : { kind: 'none' };
}
