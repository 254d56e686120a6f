import { declareForNext } from '../src/env';
import { buildVerbosely } from './lib/build';
import { fail } from './lib/project';

declareForNext({ production: true });
buildVerbosely().catch(fail);
