import type { TestDatabase } from '@everbeat/testkit';

/**
 * Counts how often statements of this name are executed from now on. Returns what tells how often it was so
 * far.
 */
export function countStatements({ database: { pool } }: TestDatabase, name: string): () => number {
  const query = pool.query.bind(pool);
  let count = 0;
  Reflect.set(pool, 'query', (...args: unknown[]): unknown => {
    const [config] = args;
    if (typeof config === 'object' && config !== null && Reflect.get(config, 'name') === name) count += 1;
    return Reflect.apply(query, pool, args);
  });
  return () => count;
}
