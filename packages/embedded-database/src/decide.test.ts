import { describe, expect, test } from 'vitest';
import {
  ANSWER_WITHIN_MS,
  decide,
  type Evidence,
  REACHABLE_WITHIN_MS,
  SILENT_ELSEWHERE_MS,
  SILENT_MS,
} from './decide';

/** A folder in which a server was started, and where nothing answers. */
const folder: Evidence = {
  answer: 'none',
  launched: 'none',
  lock: 'ours',
  owner: 'here',
  ownerHasLock: true,
  starterAlive: false,
  postmaster: 'dead',
  pidView: 'container',
  renewed: false,
  silentMs: 0,
  waitedMs: 0,
};
const fresh: Partial<Evidence> = { owner: 'none', ownerHasLock: false, postmaster: 'absent' };
const elsewhere: Partial<Evidence> = { owner: 'other-container', silentMs: SILENT_MS };
const farAway: Partial<Evidence> = { owner: 'other-machine', silentMs: SILENT_ELSEWHERE_MS };
const legacy: Partial<Evidence> = { owner: 'none', ownerHasLock: false, postmaster: 'dead' };
const macOS: Partial<Evidence> = { lock: 'unavailable', ownerHasLock: false, pidView: 'no-namespaces' };
const longAgo = { waitedMs: REACHABLE_WITHIN_MS };

type Row = [situation: string, evidence: Partial<Evidence>, decision: string];

function expectDecisions(rows: Row[]): void {
  test.each(rows)('%s: %o → %s', (_situation, evidence, expected) => {
    const decision = decide({ ...folder, ...evidence });
    expect(decision.do === 'refuse' ? `refuse: ${decision.because}` : decision.do).toBe(expected);
  });
}

describe('a server that is there', () => {
  expectDecisions([
    ['it gives a lease', { answer: 'leased' }, 'adopt'],
    ['another container started it', { ...elsewhere, answer: 'leased', lock: 'held' }, 'adopt'],
    ['it recovers', { answer: 'busy' }, 'wait'],
    ['it is frozen in another container', { ...elsewhere, answer: 'busy', lock: 'held' }, 'wait'],
    ['it gives no lease for minutes', { answer: 'busy', waitedMs: ANSWER_WITHIN_MS }, 'refuse: slow'],
    ['we have just launched it', { launched: 'starting', lock: 'held' }, 'wait'],
    ['our own one starts for minutes', { launched: 'starting', waitedMs: ANSWER_WITHIN_MS }, 'refuse: slow'],
  ]);
});

describe('Postgres says that another server may be running', () => {
  expectDecisions([
    ['the other one answers', { launched: 'contested', answer: 'leased' }, 'adopt'],
    ['the other one may be about to answer', { launched: 'contested' }, 'wait'],
    ['nothing answers: never launch again', { launched: 'contested', ...longAgo }, 'refuse: contested'],
  ]);
});

describe('nobody owns the folder', () => {
  expectDecisions([
    ['it is new', fresh, 'start'],
    ['it was stopped in order', { owner: 'stopped', postmaster: 'absent' }, 'start'],
    ['another process starts at this moment', { ...fresh, lock: 'held' }, 'wait'],
    ['the lock stays held', { ...fresh, lock: 'held', ...longAgo }, 'refuse: unreachable'],
    ['somebody has started a server by hand', { owner: 'stopped', postmaster: 'alive' }, 'wait'],
    ['the machine was restarted', { owner: 'before-restart' }, 'start'],
    [
      'the machine was restarted, and there is no lock',
      { owner: 'before-restart', lock: 'unavailable' },
      'start',
    ],
  ]);
});

describe('a version that recorded no owner left its lock file', () => {
  expectDecisions([
    ['on a machine without containers', { ...legacy, pidView: 'machine' }, 'start'],
    ['its server may run in another container', legacy, 'refuse: unrecorded'],
    ['its lock file is being written', { ...legacy, postmaster: 'incomplete' }, 'wait'],
    [
      'it was used after an orderly stop of this version',
      { ...legacy, owner: 'stopped' },
      'refuse: unrecorded',
    ],
    ['its server lives and does not answer yet', { ...legacy, postmaster: 'alive' }, 'wait'],
    ['its server never answers', { ...legacy, postmaster: 'alive', ...longAgo }, 'refuse: unreachable'],
  ]);
});

describe('the owner is here, where pids mean something', () => {
  expectDecisions([
    ['its server is dead, or its pid belongs to another program', {}, 'start'],
    ['its server is about to write its pid', { postmaster: 'incomplete' }, 'wait'],
    ['its server was removed without a trace', { postmaster: 'absent' }, 'start'],
    ['its server lives and does not answer yet', { postmaster: 'alive' }, 'wait'],
    ['its server never answers', { postmaster: 'alive', ...longAgo }, 'refuse: unreachable'],
    ['sessions of the dead server still hold the lock', { lock: 'held' }, 'wait'],
    ['no lock: another process is about to launch', { lock: 'unavailable', starterAlive: true }, 'wait'],
    [
      'no lock: that process has launched nothing for long',
      { lock: 'unavailable', starterAlive: true, silentMs: SILENT_MS },
      'start',
    ],
    [
      'with the lock, a living process that started a dead server changes nothing',
      { starterAlive: true },
      'start',
    ],
  ]);
});

describe('the owner is in another container, where its pids mean nothing', () => {
  expectDecisions([
    ['it was silent for long, and its lock is free', elsewhere, 'start'],
    ['it was silent only for a moment', { ...elsewhere, silentMs: SILENT_MS - 1 }, 'wait'],
    ['its lock is held', { ...elsewhere, lock: 'held' }, 'wait'],
    ['its lock stays held', { ...elsewhere, lock: 'held', ...longAgo }, 'refuse: unreachable'],
    [
      'its lock file is free, but it was started without it',
      { ...elsewhere, ownerHasLock: false },
      'refuse: unproven',
    ],
    ['we cannot ask for the lock', { ...elsewhere, lock: 'unavailable' }, 'refuse: unproven'],
    ['it renews and never answers', { ...elsewhere, silentMs: 0, waitedMs: 60_000 }, 'refuse: unreachable'],
    ['that its pid is dead here proves nothing', { ...elsewhere, silentMs: 0, postmaster: 'dead' }, 'wait'],
  ]);
});

describe('the owner is on another machine', () => {
  expectDecisions([
    ['it was silent for very long, and the lock is free', farAway, 'start'],
    ['it was silent as long as would do on this machine', { ...farAway, silentMs: SILENT_MS }, 'wait'],
    ['it renews its record', { ...farAway, silentMs: 0, renewed: true }, 'refuse: other-machine'],
    ['there is no lock', { ...farAway, lock: 'unavailable' }, 'refuse: unproven'],
    ['macOS, whose host name has changed', { ...farAway, ...macOS }, 'start'],
    ['macOS, and the server lives', { ...farAway, ...macOS, postmaster: 'alive' }, 'wait'],
  ]);
});
