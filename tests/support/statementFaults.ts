import type { TestDatabase } from '@everbeat/testkit';

/**
 * The next statements of this name, as many as `times` says, meet a database that is away. Resolves once the last of
 * them has.
 */
export function awayFor({ database: { pool } }: TestDatabase, name: string, times = 1): Promise<void> {
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
      return Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
    });
  });
}
