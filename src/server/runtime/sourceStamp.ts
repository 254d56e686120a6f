import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';

/** The modification time of the newest source file of the server, in milliseconds since 1970. */
export function newestSourceMs(): number {
  const root = process.cwd();
  const folders = ['src/server', 'src/env.ts', 'src/env', 'packages'].map((name) =>
    path.join(/* turbopackIgnore: true */ root, name),
  );
  return Math.max(0, ...folders.flatMap(filesBelow).map((file) => statSync(file).mtimeMs));
}

function filesBelow(entry: string): string[] {
  if (!statSync(entry).isDirectory()) return [entry];
  return readdirSync(entry, { withFileTypes: true })
    .filter((child) => child.name !== 'node_modules' && (child.isDirectory() || /\.tsx?$/.test(child.name)))
    .flatMap((child) => filesBelow(path.join(/* turbopackIgnore: true */ entry, child.name)));
}
