import { declareProduction } from '../src/env';
import { buildAloud } from './lib/build';
import { fail } from './lib/project';

declareProduction();
buildAloud().catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)));
