import { declareForNext } from '../src/env';
import { buildAloud } from './lib/build';
import { fail } from './lib/project';

declareForNext({ production: true });
buildAloud().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
