import { type Check, type Mutant, unit } from '../mutant';

const SOURCES = 'packages/embedded-database/src';
const tested = (name: string): Check[] => [unit(`${SOURCES}/${name}.test.ts`)];

/** The guards against two servers on one data folder: file, name, text to find, replacement. */
const GUARDS: [string, string, string, string][] = [
  ['decide', 'a server that answers is used', "if (answer === 'leased') return ADOPT;", ''],
  [
    'decide',
    'no server is launched again where Postgres says that another may be running',
    "waitedMs < REACHABLE_WITHIN_MS ? WAIT : refuse('contested')",
    'START',
  ],
  ['decide', 'a server that gives no lease is waited for', " || answer === 'busy'", ''],
  ['decide', 'a server that was just launched is waited for', "launched === 'starting' || ", ''],
  ['decide', 'a held lock keeps the folder', "decision.do === 'start' && lock === 'held'", 'lock === null'],
  [
    'decide',
    'an unrecorded server may run in another container',
    "postmaster === 'dead' && pidView === 'container' ? refuse('unrecorded') : START",
    'START',
  ],
  ['decide', 'a living server is waited for', "postmaster === 'alive' || ", ''],
  ['decide', 'a server that is about to write its pid is waited for', " || postmaster === 'incomplete'", ''],
  [
    'decide',
    'an orderly stop says nothing of an unrecorded server that came later',
    "    case 'stopped':\n      return judgeUnrecorded(evidence);",
    "      return judgeUnrecorded(evidence);\n    case 'stopped':",
  ],
  [
    'decide',
    'without a lock, who is about to launch a server is waited for',
    'return mayBeStarting ? WAIT : START;',
    'return START;',
  ],
  [
    'decide',
    'an owner elsewhere must have been silent',
    'if (silentMs < silentMsMin) {',
    'if (silentMs < 0) {',
  ],
  [
    'decide',
    'an owner on another machine must have been silent for longer',
    'judgeForeigner(evidence, SILENT_ELSEWHERE_MS)',
    'judgeForeigner(evidence, SILENT_MS)',
  ],
  [
    'decide',
    'an owner on another machine that renews keeps the folder',
    "renewed ? refuse('other-machine') : ",
    '',
  ],
  ['decide', 'the server of an owner elsewhere must have held the lock', 'ownerHasLock && lock', 'lock'],
  [
    'decide',
    'without the lock nothing proves the end of an owner elsewhere',
    "&& lock !== 'unavailable' ",
    '',
  ],
  [
    'identity',
    'pids of another container mean nothing here',
    'owner.pidNamespace === own.pidNamespace',
    'true',
  ],
  ['identity', 'an unknown pid namespace is not ours', 'owner.pidNamespace !== null && ', ''],
  [
    'identity',
    'another kernel is another place',
    'if (owner.boot === own.boot) {',
    'if (owner.boot !== null) {',
  ],
  ['identity', 'an unknown kernel is another machine', 'owner.boot === null || own.boot === null', 'false'],
  ['identity', 'a restart is one of the same machine', 'owner.machine === own.machine &&', ''],
  [
    'identity',
    'the host name of a container proves no restart',
    "pidViewOf(owner) === 'machine' &&\n    pidViewOf(own) === 'machine'",
    'true',
  ],
  [
    'ownerRecord',
    'one of several claims of a folder succeeds',
    "if (codeOf(error) === 'EEXIST') return false;",
    '',
  ],
  [
    'ownerRecord',
    'a late claim of a folder does not count',
    'if (others.some((number) => number > record.number)) return false;',
    '',
  ],
];

export const DATABASE_FOLDER_GUARDS: Mutant[] = GUARDS.map(([file, name, find, replace]) => ({
  name,
  file: `${SOURCES}/${file}.ts`,
  find,
  replace,
  checks: tested(file),
}));
