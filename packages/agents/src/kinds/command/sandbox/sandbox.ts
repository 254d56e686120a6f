import { mkdir, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { COMMAND_EXPOSURES, type CommandSandboxMode, type CommandSandboxView } from '@everbeat/domain';
import { AgentError } from '../../../shared/agentError';
import { canUseOtherUsers } from '../../../shared/spareUsers';
import { bubblewrap, findBubblewrap } from './bubblewrap';
import { type Confinement, unconfined } from './confinement';
import { otherUser } from './otherUser';
import { type Finding, type Secrets, tryOut } from './probe';

export interface SandboxSettings {
  /** COMMAND_SANDBOX */
  mode: CommandSandboxMode;
  /** COMMAND_FOLDERS */
  folders: readonly string[];
  /** The folder that holds the folder of each task. */
  workspaces: string;
  /** The folder of the application, with its `.env` files. */
  applicationFolder: string;
  /** DATA_DIR */
  dataFolder: string;
  /** The environment of commands. */
  env: Readonly<Record<string, string>>;
}

interface Choice {
  confinement: Confinement;
  view: CommandSandboxView;
}

/** What confines the commands of this server: the best that was found to work when it was first asked for. */
export class CommandSandbox {
  private choice: Promise<Choice> | null = null;

  constructor(private readonly settings: SandboxSettings) {}

  /** What commands run in, and what they can read of the server all the same. */
  async state(): Promise<CommandSandboxView> {
    return (await this.chosen()).view;
  }

  /**
   * @throws AgentError `command_not_isolated` where a sandbox is required and none keeps everything hidden
   */
  async confinement(): Promise<Confinement> {
    const { confinement, view } = await this.chosen();
    if (!view.refuses) return confinement;
    const why = view.problem === null ? '' : ` (${view.problem})`;
    throw new AgentError(
      'command_not_isolated',
      `This server runs commands only in a sandbox (COMMAND_SANDBOX=required), and has none that hides everything${why}. Its operator can install bubblewrap, or set COMMAND_SANDBOX=auto.`,
    );
  }

  private chosen(): Promise<Choice> {
    this.choice ??= choose(this.settings);
    return this.choice;
  }
}

async function choose(settings: SandboxSettings): Promise<Choice> {
  const { mode } = settings;
  const { found, problems } = mode === 'off' ? { found: [], problems: [] } : await tryAll(settings);
  const [best = { confinement: unconfined, exposed: [...COMMAND_EXPOSURES] }] = found.sort(
    (a, b) => a.exposed.length - b.exposed.length,
  );
  const { confinement, exposed } = best;
  return {
    confinement,
    view: {
      kind: confinement.kind,
      exposed,
      problem: exposed.length > 0 && problems.length > 0 ? problems.join('; ') : null,
      refuses: mode === 'required' && exposed.length > 0,
    },
  };
}

/** Those confinements that work on this host, the better one first. */
async function tryAll(settings: SandboxSettings) {
  const found: { confinement: Confinement; exposed: CommandSandboxView['exposed'] }[] = [];
  const problems: string[] = [];
  for (const { name, make } of CANDIDATES) {
    const finding = await tryOne(make, settings);
    if ('problem' in finding) problems.push(`${name}: ${finding.problem}`);
    else found.push(finding);
    if ('exposed' in finding && finding.exposed.length === 0) break;
  }
  return { found, problems };
}

type Make = (settings: SandboxSettings) => Promise<Confinement | string>;

/** A text instead of a confinement says why there is none. */
const CANDIDATES: readonly { name: string; make: Make }[] = [
  {
    name: 'bubblewrap',
    async make({ applicationFolder, dataFolder, workspaces, folders }) {
      const program = await findBubblewrap();
      if (program === null) return 'it is not installed';
      const hidden = [applicationFolder, dataFolder, databaseIn(dataFolder), workspaces];
      return bubblewrap(program, { hidden, open: folders });
    },
  },
  {
    name: 'another user',
    make: async ({ workspaces }) =>
      canUseOtherUsers() ? otherUser(workspaces) : 'only root on Linux can start commands as one',
  },
];

async function tryOne(
  make: Make,
  settings: SandboxSettings,
): Promise<
  (Finding & { problem: string }) | { confinement: Confinement; exposed: CommandSandboxView['exposed'] }
> {
  try {
    const confinement = await make(settings);
    if (typeof confinement === 'string') return { problem: confinement };
    await mkdir(settings.workspaces, { recursive: true, mode: 0o711 });
    const workspaces = await realpath(settings.workspaces);
    const finding = await tryOut(confinement, {
      workspaces,
      env: { ...settings.env },
      secrets: await secretsOf(settings),
    });
    return 'problem' in finding ? finding : { confinement, ...finding };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

/** What is there now of what commands must not read. */
async function secretsOf({ applicationFolder, dataFolder }: SandboxSettings): Promise<Secrets> {
  const self = await withoutLinks('/proc/self');
  const names = await readdir(applicationFolder).catch(() => []);
  return [
    { of: 'environment', file: path.join(self, 'environ') },
    ...names
      .filter((name) => /^\.env($|\.)/.test(name) && name !== '.env.example')
      .map((name) => ({ of: 'settings' as const, file: path.join(applicationFolder, name) })),
    { of: 'data', file: await withoutLinks(path.join(databaseIn(dataFolder), 'password')) },
  ];
}

/** The folder of the embedded database, which may be a link to one elsewhere. */
const databaseIn = (dataFolder: string): string => path.join(dataFolder, 'postgres');

/** As it is, if there is no such file. */
const withoutLinks = (file: string): Promise<string> => realpath(file).catch(() => file);
