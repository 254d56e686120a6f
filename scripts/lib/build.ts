import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { passSignalsTo } from './child';
import { NEXT_COMMAND, PROJECT_DIR } from './project';

const BUILD_FOLDER = path.join(PROJECT_DIR, '.next');
/** The hash of the sources that the build was made from; a build of other sources is stale. */
const STAMP_FILE = path.join(BUILD_FOLDER, 'everbeat-sources');
const SOURCES = [
  'next.config.ts',
  'package-lock.json',
  'package.json',
  'packages',
  'postcss.config.mjs',
  'public',
  'src',
  'tsconfig.json',
];
const NOT_BUILT = /(^|\/)node_modules\/|\.test\.tsx?$/;
const PROGRESS_INTERVAL_MS = 15_000;

/** Builds the application unless a build of the present sources exists. */
export async function buildIfStale(): Promise<void> {
  const sources = await hashSources();
  const stamp = await readFile(STAMP_FILE, 'utf8').catch(() => undefined);
  if (existsSync(path.join(BUILD_FOLDER, 'BUILD_ID')) && stamp === sources) return;
  await buildQuietly(sources);
}

/** Builds the application with the output of Next. */
export async function buildVerbosely(): Promise<void> {
  const sources = await hashSources();
  const exitCode = await passSignalsTo(startNextBuild('inherit'));
  if (exitCode !== 0) throw new Error('The build failed.');
  await writeFile(STAMP_FILE, sources);
}

/** Prints only that it builds and how long that takes. Rejects with Next's whole output when it fails. */
async function buildQuietly(sources: string): Promise<void> {
  const first = !existsSync(BUILD_FOLDER);
  console.log(first ? 'Building (the first time takes about a minute) ...' : 'Building ...');
  const startedAtMs = Date.now();
  const seconds = () => Math.round((Date.now() - startedAtMs) / 1000);
  const progress = setInterval(() => console.log(`  still building, ${seconds()} s`), PROGRESS_INTERVAL_MS);
  try {
    await runNextBuildQuietly();
  } finally {
    clearInterval(progress);
  }
  await writeFile(STAMP_FILE, sources);
  console.log(`Built in ${seconds()} s`);
}

async function runNextBuildQuietly(): Promise<void> {
  const child = startNextBuild('pipe');
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => output.push(chunk));
  }
  const exitCode = await passSignalsTo(child);
  if (exitCode === 0) return;
  const printed = output.join('').trim();
  // Of Next, which locks its folder.
  if (/Another .*next build.* process is already running/.test(printed)) {
    throw new Error('Another process builds this checkout. Start again when it is done.');
  }
  throw new Error(`The build failed:\n\n${printed}`);
}

function startNextBuild(output: 'inherit' | 'pipe'): ChildProcess {
  return spawn(process.execPath, [NEXT_COMMAND, 'build'], {
    cwd: PROJECT_DIR,
    stdio: ['ignore', output, output],
  });
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of await filesBelow(source)) {
      const content = await readFile(path.join(PROJECT_DIR, file));
      hash.update(`${file}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** The file itself, or all files of the folder, sorted. */
async function filesBelow(source: string): Promise<string[]> {
  const absolute = path.join(PROJECT_DIR, source);
  if (!existsSync(absolute)) return [];
  if (path.extname(source)) return [source];
  const entries = await readdir(absolute, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(PROJECT_DIR, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !NOT_BUILT.test(file))
    .sort();
}
