import type pg from 'pg';
import { z } from 'zod';

/** A statement as the product hands it to the driver. */
export interface Statement {
  /** The name it is prepared under; null for one that is not. */
  name: string | null;
  text: string;
  values: unknown[];
}

export interface StatementWatch {
  /** Is told of every statement before it is sent, which waits for it; null: nobody is. */
  tell(handler: ((statement: Statement) => Promise<void>) | null): void;
}

const configSchema = z.object({
  text: z.string(),
  name: z.string().optional(),
  values: z.array(z.unknown()).optional(),
});

/** Sees the real statements at the driver, so that none has to be copied here. To be called before the pool's first query. */
export function watchStatements(pool: pg.Pool): StatementWatch {
  let handler: ((statement: Statement) => Promise<void>) | null = null;
  pool.on('connect', (client) => {
    const query = client.query.bind(client);
    const send = (args: unknown[]): unknown => Reflect.apply(query, client, args);
    Reflect.set(client, 'query', (...args: unknown[]): unknown => {
      const statement = statementOf(args);
      if (handler === null || statement === null) return send(args);
      const told = handler(statement).catch((error: unknown) => console.error(error));
      // Who hands over a callback looks at no answer of the call itself.
      if (typeof args.at(-1) === 'function') void told.then(() => send(args));
      else return told.then(() => send(args));
    });
  });
  return {
    tell(next) {
      handler = next;
    },
  };
}

/** What a call of the driver's `query` sends; null for a form that is not ours. */
export function statementOf([first, second]: unknown[]): Statement | null {
  if (typeof first === 'string') {
    return { name: null, text: first, values: Array.isArray(second) ? second : [] };
  }
  const config = configSchema.safeParse(first);
  if (!config.success) return null;
  const { text, name = null, values } = config.data;
  return { name, text, values: values ?? (Array.isArray(second) ? second : []) };
}
