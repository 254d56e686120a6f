import { database, type Mutant, unit } from '../mutant';

const READING = unit('packages/agents/src/kinds/watch/transfer/readWatchFile.test.ts');
const TRANSFER = [database('tests/api/watchTransfer.db.test.ts')];

/** What files of watches bring in, and what they take out. */
export const WATCH_TRANSFER_GUARDS: readonly Mutant[] = [
  {
    name: 'an export leaves headers and cookies out',
    file: 'packages/agents/src/kinds/watch/transfer/everbeatFile.ts',
    find: 'const { url: _, headers = {}, cookies = {}, ...shared } = settings;',
    replace: 'const { headers = {}, cookies = {} } = settings; const shared = settings;',
    checks: [READING],
  },
  {
    name: 'what is imported begins in the transaction that creates it',
    file: 'src/server/services/watches/WatchTransferService.ts',
    find: 'publish = await lifecycle.begin(client, beginnings);',
    replace: '',
    checks: TRANSFER,
  },
  {
    name: 'the size of a file of watches',
    file: 'src/server/http/watchFiles.ts',
    find: 'bodyLimit(LIMITS.importBytesMax)',
    replace: 'bodyLimit(Number.POSITIVE_INFINITY)',
    checks: TRANSFER,
  },
  {
    name: 'what a zip of watches unpacks to',
    file: 'packages/agents/src/kinds/watch/transfer/readWatchFile.ts',
    find: 'left -= originalSize;',
    replace: '',
    checks: [READING],
  },
];
