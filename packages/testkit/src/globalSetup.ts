import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrateDatabase } from '@everbeat/database';
import { startEmbeddedPostgres } from '@everbeat/embedded-database';
import type { TestProject } from 'vitest/node';
import { databaseUrl, runOn } from './serverAdmin';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The maintenance database of the server that the tests share. */
    testServerUrl: string;
    /** A migrated, empty database on it, to be copied. */
    testTemplate: string;
  }
}

interface TestServer {
  url: string;
  template: string;
  stop(): Promise<void>;
}

/** Each vitest project loads this file anew; the server they share is kept where all of them find it. */
declare global {
  var everbeatTestServer: { server?: Promise<TestServer>; users: number } | undefined;
}
globalThis.everbeatTestServer ??= { users: 0 };
const shared = globalThis.everbeatTestServer;

/** One server for the whole run: that of TEST_DATABASE_URL, else an embedded one in a temporary folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  shared.users += 1;
  shared.server ??= startTestServer();
  const server = await shared.server;
  project.provide('testServerUrl', server.url);
  project.provide('testTemplate', server.template);
  return async () => {
    shared.users -= 1;
    if (shared.users > 0) return;
    shared.server = undefined;
    await server.stop();
  };
}

async function startTestServer(): Promise<TestServer> {
  const { url, stop } = await openServer();
  const template = `everbeat_template_${randomUUID().replaceAll('-', '')}`;
  await runOn(url, `create database ${template}`);
  const migrations = path.resolve(import.meta.dirname, '../../../drizzle');
  if (existsSync(path.join(migrations, 'meta', '_journal.json'))) {
    await migrateDatabase(databaseUrl(url, template), migrations);
  }
  return {
    url,
    template,
    async stop() {
      await runOn(url, `drop database ${template}`);
      await stop();
    },
  };
}

async function openServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
  const dataDir = await mkdtemp(path.join(tmpdir(), 'everbeat-test-'));
  // Started as root, the server runs as another user, who must be able to enter the folder.
  await chmod(dataDir, 0o755);
  const server = await startEmbeddedPostgres({ dataDir, logger: quietLogger, durable: false });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

const quietLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: (fields: object, message: string) => console.error(message, fields),
};
