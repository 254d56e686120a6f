import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedPostgres } from '@everbeat/embedded-database';
import { fail, PROJECT_DIR } from '../../scripts/lib/project';
import { assertChecksPass, type Judged, judge } from './gate';
import { MUTANTS } from './list';
import type { Mutant } from './mutant';
import { createScratchCopy } from './scratchCopy';

const USAGE = `npm run mutants                    takes away every guard in turn, in a copy of the project: some test must fail for each
npm run mutants -- --only PATTERN  those whose name or file fits, such as '^claim|leases.ts'
npm run mutants -- --unchecked     does not first see that all checks pass without a mutant
npm run mutants -- --list          names them`;

interface Wish {
  mutants: Mutant[];
  isList: boolean;
  isUnchecked: boolean;
}

function readWish(): Wish {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string', default: '' },
        list: { type: 'boolean', default: false },
        unchecked: { type: 'boolean', default: false },
      },
    });
    const wanted = new RegExp(values.only, 'i');
    const mutants = MUTANTS.filter(({ name, file }) => wanted.test(name) || wanted.test(file));
    if (mutants.length === 0) fail(`No mutant fits "${values.only}".\n\n${USAGE}`);
    return { mutants, isList: values.list, isUnchecked: values.unchecked };
  } catch (error) {
    fail(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

/** One server for the tests of all mutants, gone afterwards. */
async function withServer<Result>(work: (serverUrl: string) => Promise<Result>): Promise<Result> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'everbeat-mutants-db-'));
  // Started as root, the server runs as another user, who must be able to enter the folder.
  await chmod(dataDir, 0o755);
  const say = (fields: object, message: string): void => console.error(message, fields);
  const logger = { debug: () => undefined, info: () => undefined, warn: say, error: say };
  const server = await startEmbeddedPostgres({ dataDir, logger, durable: false, projectDir: PROJECT_DIR });
  try {
    return await work(server.url);
  } finally {
    await server.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

function verdictWords({ mutant, verdict }: Judged): string {
  if (verdict.isNoticed) return verdict.by;
  return mutant.heldBy === undefined ? 'SURVIVED' : `nothing, since it is held twice: ${mutant.heldBy}`;
}

async function judgeAll({ mutants, isUnchecked }: Wish, signal: AbortSignal): Promise<Judged[]> {
  const scratch = await createScratchCopy(PROJECT_DIR);
  try {
    return await withServer(async (serverUrl) => {
      const place = { folder: scratch.folder, serverUrl, signal };
      if (!isUnchecked) {
        console.log(`First the checks of ${mutants.length} mutants without any of them ...`);
        await assertChecksPass(mutants, place);
      }
      const judged: Judged[] = [];
      for (const mutant of mutants) {
        const one = await judge(mutant, scratch, place);
        judged.push(one);
        const progress = `[${judged.length}/${mutants.length}]`;
        console.log(`${progress} ${mutant.name} (${one.seconds.toFixed(0)} s)\n    ${verdictWords(one)}`);
      }
      return judged;
    });
  } finally {
    await scratch.remove();
  }
}

function printTable(judged: readonly Judged[]): void {
  const width = Math.max(...judged.map(({ mutant }) => mutant.name.length));
  console.log(`\n${'Without'.padEnd(width)}  fails`);
  for (const one of judged) console.log(`${one.mutant.name.padEnd(width)}  ${verdictWords(one)}`);
  const unnoticed = judged.filter(({ verdict }) => !verdict.isNoticed);
  const survivors = unnoticed.filter(({ mutant }) => mutant.heldBy === undefined).length;
  const seconds = judged.reduce((sum, one) => sum + one.seconds, 0);
  console.log(
    `\n${judged.length} mutants: ${judged.length - unnoticed.length} noticed, ${unnoticed.length - survivors} held twice, ${survivors} survived (${seconds.toFixed(0)} s)`,
  );
  if (survivors > 0) process.exitCode = 1;
}

const wish = readWish();
if (wish.isList) {
  for (const { name, file } of wish.mutants) console.log(`${name}  (${file})`);
} else {
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => interruption.abort(name));
  try {
    printTable(await judgeAll(wish, interruption.signal));
  } catch (error) {
    if (!interruption.signal.aborted) fail(error instanceof Error ? error.message : String(error));
    console.error('Interrupted; the copy and its server are gone.');
    process.exitCode = 130;
  }
}
