import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether git ignores this path in the work tree around it, so that `git clean -fdx` deletes it. False where
 * there is no git or no work tree. The folder need not exist yet.
 */
export function isGitIgnored(target: string): boolean {
  let folder = path.dirname(target);
  while (!existsSync(folder)) folder = path.dirname(folder);
  try {
    execFileSync('git', ['check-ignore', '--quiet', '--', target], { cwd: folder, stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
