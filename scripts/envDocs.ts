import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { envExample, withReadmeTables } from '../src/env/docs';
import { PROJECT_DIR } from './lib/project';

/** Writes `.env.example`, and the README's tables of settings. */
const readme = path.join(PROJECT_DIR, 'README.md');
await writeFile(path.join(PROJECT_DIR, '.env.example'), envExample());
await writeFile(readme, withReadmeTables(await readFile(readme, 'utf8')));
