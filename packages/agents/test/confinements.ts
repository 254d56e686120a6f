import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { commandEnvironment } from '../src/kinds/command/environment';
import { type BubblewrapPlaces, bubblewrap, findBubblewrap } from '../src/kinds/command/sandbox/bubblewrap';
import { type Confinement, unconfined } from '../src/kinds/command/sandbox/confinement';
import { canUseOtherUsers, otherUser } from '../src/kinds/command/sandbox/otherUser';
import { tryOut } from '../src/kinds/command/sandbox/probe';

type Make = (workspaces: string, places?: Partial<BubblewrapPlaces>) => Confinement;

export const hostEnv = commandEnvironment(process.env);
const nothing = { hidden: [], open: [] };
const program = await findBubblewrap();

/** A confinement and, where it does not work on this host, why. */
interface Way {
  name: string;
  make: Make;
  skip: string | null;
}

/** All ways in which commands are run. */
export const WAYS: Way[] = [
  { name: 'with the rights of the server', make: () => unconfined, skip: null },
  {
    name: 'as another user',
    make: (workspaces) => otherUser(workspaces),
    skip: canUseOtherUsers() ? null : 'only root on Linux can start them',
  },
  {
    name: 'in a sandbox of bubblewrap',
    make: (_, places) => bubblewrap(program ?? '', { ...nothing, ...places }),
    skip: program === null ? 'bubblewrap is not installed' : await problemOf(bubblewrap(program, nothing)),
  },
];

async function problemOf(confinement: Confinement): Promise<string | null> {
  const workspaces = await mkdtemp(path.join(tmpdir(), 'everbeat-probe-'));
  const found = await tryOut(confinement, { workspaces, secrets: [], env: hostEnv });
  await rm(workspaces, { recursive: true });
  return 'problem' in found ? found.problem : null;
}

/** The name of a suite, with the reason if it is skipped. */
export const titleOf = ({ name, skip }: Way): string => (skip === null ? name : `${name} (skipped: ${skip})`);
