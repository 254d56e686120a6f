import type { TestProject } from 'vitest/node';
import { startPooler } from './pooler';
import { findPoolerProgram } from './poolerProgram';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The PgBouncer program. */
    testPgBouncer: string;
    /** The maintenance database of the shared server, through PgBouncer in transaction mode. */
    testPoolerUrl: string;
  }
}

/** Starts the pooler through which the databases of this vitest project are reached. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const program = findPoolerProgram();
  if (program === null) throw new Error('There is no PgBouncer here; see .ci/pgbouncer');
  const serverUrl = project.getProvidedContext().testServerUrl;
  const pooler = await startPooler({ program, serverUrl });
  project.provide('testPgBouncer', program);
  project.provide('testPoolerUrl', pooler.through(serverUrl));
  return pooler.stop;
}
