import { randomUUID } from 'node:crypto';
import type { TestProject } from 'vitest/node';
import { createMigratedDatabase, runOn } from './serverAdmin';
import { startTemporaryPostgres } from './temporaryPostgres';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The maintenance database of the server that all tests share. */
    testServerUrl: string;
    /** The name of a migrated, empty database on that server; each test file copies it. */
    testTemplate: string;
  }
}

interface TestServer {
  url: string;
  template: string;
  stop(): Promise<void>;
}

/** Each vitest project loads this file anew, so the server they share is stored on `globalThis`. */
declare global {
  var everbeatTestServer: { server?: Promise<TestServer>; users: number } | undefined;
}
globalThis.everbeatTestServer ??= { users: 0 };
const shared = globalThis.everbeatTestServer;

/**
 * Starts one Postgres server for the whole run, or uses the one of TEST_DATABASE_URL. Returns the teardown,
 * which stops the server once the last project is done.
 */
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
  await createMigratedDatabase(url, template);
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
  return startTemporaryPostgres({ name: 'test' });
}
