import { setTimeout as delay } from 'node:timers/promises';
import { WEBHOOK_PATHS, webhookUrl } from '@everbeat/scheduler';
import { freePort, QSTASH_DEVELOPMENT } from '@everbeat/testkit';
import { environmentWith } from '../../tests/support/app/appProcess';
import { eventually } from '../../tests/support/app/eventually';
import { READY_WITHIN_MS } from './installation';
import type { Sandbox } from './sandbox';
import { SupervisedProcess } from './supervisedProcess';

const WATCHDOG_EVERY_MS = 2_000;

export interface QStashServer {
  process: SupervisedProcess;
  url: string;
  /** Resolves when it listens. */
  startAndWait(): Promise<void>;
}

/** Starts the fake QStash server in its own process. */
export async function startQStash(sandbox: Sandbox): Promise<QStashServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = new SupervisedProcess(sandbox, {
    name: 'qstash',
    command: process.execPath,
    args: ['--import', 'tsx', 'packages/testkit/src/qstash/main.ts', '--port', String(port)],
    env: environmentWith({}),
  });
  const isListening = () =>
    fetch(url).then(
      () => true,
      () => false,
    );
  const startAndWait = async (): Promise<void> => {
    server.start();
    await eventually(isListening, { what: 'the fake QStash', withinMs: READY_WITHIN_MS });
  };
  await startAndWait();
  return { process: server, url, startAndWait };
}

/**
 * Publishes a message for the watchdog every two seconds, because the shortest interval of a QStash schedule
 * is one minute. Returns a function that stops it.
 */
export function publishWatchdogMessages(qstashUrl: string, appUrl: string): () => void {
  const stopping = new AbortController();
  const publish = () =>
    fetch(`${qstashUrl}/v2/publish/${webhookUrl(appUrl, WEBHOOK_PATHS.watchdog)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${QSTASH_DEVELOPMENT.token}`, 'upstash-retries': '0' },
      body: '{}',
      signal: AbortSignal.timeout(WATCHDOG_EVERY_MS),
    });
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await publish().catch(() => undefined);
      await delay(WATCHDOG_EVERY_MS, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  };
  void loop();
  return () => stopping.abort();
}
