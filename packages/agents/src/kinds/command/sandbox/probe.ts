import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandExposure } from '@everbeat/domain';
import { AgentError } from '../../../shared/agentError';
import { runCommand } from '../runCommand';
import type { Confinement } from './confinement';

/** What a confinement was found to let commands read, or why it does not work. */
export type Finding = { exposed: CommandExposure[] } | { problem: string };

/** Files that hold what commands must not see. */
export type Secrets = readonly { of: CommandExposure; file: string }[];

const TIME_LIMIT_MS = 10_000;
const CANARY = 'of another task';
/** Follows each secret in the output of the command that tries to read them. */
const END = `end-${randomUUID()}`;

/**
 * Runs a command in a confinement that tries to read the secrets, and the folder of another task. Never
 * throws.
 * @param workspaces an existing folder
 */
export async function tryOut(
  confinement: Confinement,
  { workspaces, secrets, env }: { workspaces: string; secrets: Secrets; env: Record<string, string> },
): Promise<Finding> {
  const folders: string[] = [];
  const makeFolder = async () => {
    const folder = await mkdtemp(path.join(workspaces, '.probe-'));
    folders.push(folder);
    return folder;
  };
  try {
    const canary = { of: 'tasks', file: path.join(await makeFolder(), 'canary') } as const;
    await writeFile(canary.file, CANARY);
    await confinement.adopt(path.dirname(canary.file));
    const folder = await makeFolder();
    return await read(confinement, { folder, env, secrets: [...secrets, canary] });
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  } finally {
    for (const folder of folders) await rm(folder, { recursive: true, force: true }).catch(() => {});
  }
}

async function read(
  confinement: Confinement,
  { folder, env, secrets }: { folder: string; env: Record<string, string>; secrets: Secrets },
): Promise<Finding> {
  const user = await confinement.adopt(folder);
  const reads = secrets.map(({ file }) => `cat ${quoted(file)} 2>/dev/null; echo ${END};`);
  const commandLine = `${reads.join(' ')} echo written > ${quoted(`${folder}/written`)}`;
  const { stdout, exitCode, stderr } = await runCommand({
    clean: (text) => text,
    launch: await confinement.launch({ commandLine, folder, env, user }),
    cwd: folder,
    input: '',
    graceMs: 1_000,
    signal: AbortSignal.timeout(TIME_LIMIT_MS),
  });
  const wrote = await readFile(path.join(folder, 'written'), 'utf8').catch(() => '');
  if (exitCode !== 0 || wrote === '') {
    throw new AgentError('command_not_started', `A command could not write to its folder. ${stderr}`);
  }
  const seen = stdout.lines.join('\n').split(`${END}\n`);
  const exposed = new Set<CommandExposure>();
  for (const [index, { of, file }] of secrets.entries()) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text !== '' && seen[index] === text) exposed.add(of);
  }
  return { exposed: [...exposed] };
}

/** For a shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
