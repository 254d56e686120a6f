import { spawnSync } from 'node:child_process';
import { commandEnvironment } from '../src/kinds/command/environment';
import { type BubblewrapPlaces, bubblewrap, findBubblewrap } from '../src/kinds/command/sandbox/bubblewrap';
import { type Confinement, unconfined } from '../src/kinds/command/sandbox/confinement';
import { otherUser } from '../src/kinds/command/sandbox/otherUser';
import { canUseOtherUsers } from '../src/shared/spareUsers';

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
    skip: refusalOfHost(),
  },
];

/**
 * Why this host does not let bubblewrap work, if so. Asked without our own code, so that a fault of that is
 * found by the tests instead of skipping them.
 */
function refusalOfHost(): string | null {
  if (program === null) return 'bubblewrap is not installed';
  const args = ['--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--unshare-pid', 'true'];
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return status === 0 ? null : stderr.trim();
}

/** The name of a suite, with the reason if it is skipped. */
export const titleOf = ({ name, skip }: Way): string => (skip === null ? name : `${name} (skipped: ${skip})`);
