import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { QSTASH_DEVELOPMENT } from '@everbeat/testkit';
import { z } from 'zod';

export interface QStashReport {
  published: number;
  delivered: number;
  /** Attempts whose response was not 200. */
  failed: number;
  /**
   * When the message of each tick token was due at QStash, which rounds to seconds; milliseconds of the host.
   */
  dueMsByToken: Map<string, number>;
}

export interface QStashChild {
  url: string;
  processId: number;
  settings: Record<string, string>;
  report(): Promise<QStashReport>;
  stop(): Promise<void>;
}

const reportSchema = z.object({
  published: z.number(),
  delivered: z.number(),
  failed: z.number(),
  due: z.array(z.tuple([z.string(), z.number()])),
});
const bodySchema = z.object({ tickToken: z.string() });

export async function startQStashChild(port: number): Promise<QStashChild> {
  const child = fork(path.join(import.meta.dirname, 'qstashProcess.ts'), [String(port)], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await once(child, 'message');
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    processId: child.pid ?? 0,
    settings: {
      QSTASH_URL: url,
      QSTASH_TOKEN: QSTASH_DEVELOPMENT.token,
      QSTASH_CURRENT_SIGNING_KEY: QSTASH_DEVELOPMENT.currentSigningKey,
      QSTASH_NEXT_SIGNING_KEY: QSTASH_DEVELOPMENT.nextSigningKey,
    },
    report: () => reportOf(child),
    async stop() {
      if (!child.connected) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

async function reportOf(child: ChildProcess): Promise<QStashReport> {
  const response = once(child, 'message');
  child.send('report');
  const { due, ...counts } = reportSchema.parse((await response)[0]);
  const dueMsByToken = new Map(
    due.flatMap(([body, dueMs]) => {
      const tick = bodySchema.safeParse(JSON.parse(body));
      return tick.success ? [[tick.data.tickToken, dueMs] as const] : [];
    }),
  );
  return { ...counts, dueMsByToken };
}
