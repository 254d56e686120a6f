import type { CommandExposure, CommandSandboxKind } from './status';
import type { CommandSandboxView } from './views';

const KINDS: Record<CommandSandboxKind, string> = {
  bubblewrap: 'run in a sandbox each (bubblewrap)',
  user: 'run as a user without rights, another one for each task',
  none: 'run with the rights of this server',
};

const EXPOSURES: Record<CommandExposure, string> = {
  environment: "this server's environment",
  settings: 'its .env files',
  data: 'its data folder',
  tasks: "other tasks' folders",
};

/** What follows "Commands are", in plain words. */
export function describeCommandSandbox({ kind, exposed, problem, refuses }: CommandSandboxView): string {
  const seen = exposed.map((exposure) => EXPOSURES[exposure]).join(', ');
  const how = refuses ? 'not run, because no sandbox hides everything' : KINDS[kind];
  const what = seen === '' ? '' : refuses ? `: they could read ${seen}` : `, and can read ${seen}`;
  return `${how}${what}${problem === null ? '' : ` (${problem})`}`;
}
