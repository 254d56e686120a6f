import { ActivityFeed } from '../services/feed/ActivityFeed';
import { SecretsService } from '../services/secrets/SecretsService';
import { SecretsSweep } from '../services/secrets/SecretsSweep';
import type { ContainerParts } from './parts';
import { keysOf } from './secrets';

/** What nearly every service is built on. Services name the pool `db` where a single connection would do. */
export function createFoundation({ env, database, clock, ids, logger }: ContainerParts) {
  const { pool } = database;
  const db = pool;
  const keys = keysOf(env);
  const secrets = new SecretsService({ db, clock, keys });
  return {
    env,
    db,
    pool,
    clock,
    ids,
    logger,
    appUrl: env.APP_URL,
    heartbeatMinSeconds: env.HEARTBEAT_MIN_SECONDS,
    secrets,
    secretsSweep: new SecretsSweep({ db, clock, logger, keys, secrets }),
    feed: new ActivityFeed({ db, clock, logger }),
  };
}

export type Foundation = ReturnType<typeof createFoundation>;
