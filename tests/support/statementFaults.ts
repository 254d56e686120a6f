import type { TestDatabase } from '@everbeat/testkit';

/**
 * The next statements of this name, as many as `times` says, meet a database that is away. Resolves once the
 * last of them has.
 */
export const awayFor = (database: TestDatabase, name: string, times = 1): Promise<void> =>
  failsFor(database, name, { times, error: { message: 'connect ECONNREFUSED', code: 'ECONNREFUSED' } });

/** The same for rows that another session holds. */
export const heldFor = (database: TestDatabase, name: string, times = 1): Promise<void> =>
  failsFor(database, name, { times, error: { message: 'canceling statement', code: '55P03' } });

/** The same for any error. */
export function failsFor(
  { database: { pool } }: TestDatabase,
  name: string,
  { times, error: { message, code } }: { times: number; error: { message: string; code: string } },
): Promise<void> {
  const query = pool.query.bind(pool);
  let left = times;
  return new Promise((met) => {
    Reflect.set(pool, 'query', (...args: unknown[]): unknown => {
      const [config] = args;
      const isMeant = typeof config === 'object' && config !== null && Reflect.get(config, 'name') === name;
      if (!isMeant) return Reflect.apply(query, pool, args);
      left -= 1;
      if (left === 0) {
        Reflect.set(pool, 'query', query);
        met();
      }
      return Promise.reject(Object.assign(new Error(message), { code }));
    });
  });
}

/** What `work` does happens just before the next statement whose name begins so. */
export function beforeNext(
  { database: { pool } }: TestDatabase,
  name: string,
  work: () => Promise<unknown>,
): void {
  const query = pool.query.bind(pool);
  Reflect.set(pool, 'query', (...args: unknown[]): unknown => {
    const [config] = args;
    const found = typeof config === 'object' && config !== null ? Reflect.get(config, 'name') : undefined;
    if (typeof found !== 'string' || !found.startsWith(name)) return Reflect.apply(query, pool, args);
    Reflect.set(pool, 'query', query);
    return work().then(() => Reflect.apply(query, pool, args));
  });
}
