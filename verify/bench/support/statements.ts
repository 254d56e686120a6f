import type pg from 'pg';
import { z } from 'zod';

/** A statement as the product passes it to the driver. */
export interface Statement {
  /** The name of the prepared statement; null if it is not prepared. */
  name: string | null;
  text: string;
  values: unknown[];
}

export interface StatementWatch {
  /** Sets a handler that is called, and awaited, before each statement is sent; null removes it. */
  intercept(handler: ((statement: Statement) => Promise<void>) | null): void;
}

const configSchema = z.object({
  text: z.string(),
  name: z.string().optional(),
  values: z.array(z.unknown()).optional(),
});

/**
 * Intercepts the statements at the driver, so that none is copied here. Call it before the pool's first
 * query.
 */
export function watchStatements(pool: pg.Pool): StatementWatch {
  let handler: ((statement: Statement) => Promise<void>) | null = null;
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    const send = (args: unknown[]): unknown => Reflect.apply(query, client, args);
    Reflect.set(client, 'query', (...args: unknown[]): unknown => {
      const statement = statementOf(args);
      if (handler === null || statement === null) return send(args);
      const handled = handler(statement).catch((error: unknown) => console.error(error));
      // A caller that passes a callback does not use the return value.
      if (typeof args.at(-1) === 'function') void handled.then(() => send(args));
      else return handled.then(() => send(args));
    });
  });
  return {
    intercept(next) {
      handler = next;
    },
  };
}

/** The statement of a call of the driver's `query`; null for forms of the call that we do not use. */
export function statementOf([first, second]: unknown[]): Statement | null {
  if (typeof first === 'string') {
    return { name: null, text: first, values: Array.isArray(second) ? second : [] };
  }
  const config = configSchema.safeParse(first);
  if (!config.success) return null;
  const { text, name = null, values } = config.data;
  return { name, text, values: values ?? (Array.isArray(second) ? second : []) };
}
