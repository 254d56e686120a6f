import type { OwnerPlace, PidView } from './identity';

/** Everything that a process knows about the database folder when it decides what to do with it. */
export interface Evidence {
  /** What the server's address says. `busy`: something is there, but gives no lease now. */
  answer: 'leased' | 'busy' | 'none';
  /**
   * The server that this process itself has launched. `contested`: Postgres says that another may be running.
   */
  launched: 'none' | 'starting' | 'contested';
  /** The lock of the folder, which every process of a server holds while it lives. */
  lock: 'ours' | 'held' | 'unavailable';
  /** Who owns the folder by its newest record. */
  owner: 'none' | 'stopped' | OwnerPlace;
  /** Whether the owner's server was given the lock when it was started. */
  ownerHasLock: boolean;
  /** Another process, which started the owner's server, lives. Known only of an owner that is `here`. */
  starterAlive: boolean;
  /**
   * The process that Postgres's own lock file names. `alive`: it works in this folder. `dead` means something
   * only where pids do.
   */
  postmaster: 'absent' | 'incomplete' | 'alive' | 'dead';
  pidView: PidView;
  /** Whether the owner's record was seen to change while this process watched it. */
  renewed: boolean;
  /**
   * How long the owner's record has not changed, by this process's own clock and at most since it looked
   * first.
   */
  silentMs: number;
  /** How long this process has been trying. */
  waitedMs: number;
}

export type Decision =
  | { do: 'adopt' }
  | { do: 'start' }
  | { do: 'wait' }
  | { do: 'refuse'; because: RefusalReason };

export type RefusalReason =
  /** Postgres itself says that another server may be running on the folder. */
  | 'contested'
  /** The owner lives on another machine. */
  | 'other-machine'
  /** A server holds the folder and cannot be reached from here. */
  | 'unreachable'
  /** The owner is silent, and nothing proves that its server has ended. */
  | 'unproven'
  /** A server of a version that recorded no owner may be running in another container. */
  | 'unrecorded'
  /** A server gives no lease for too long. */
  | 'slow';

/** The owner's record is renewed this often. */
export const RENEW_MS = 2_000;
/** An owner on the same machine that is silent for this long, and whose lock is free, has ended. */
export const SILENT_MS = 7_000;
/** On another machine, where the lock may not reach, more patience is due. */
export const SILENT_ELSEWHERE_MS = 30_000;
/** Recovery after a crash can take long on a slow disk. */
export const ANSWER_WITHIN_MS = 180_000;
/** For the sessions of a killed server to end, or for a server that was just launched to open its socket. */
export const REACHABLE_WITHIN_MS = 20_000;

const ADOPT: Decision = { do: 'adopt' };
const START: Decision = { do: 'start' };
const WAIT: Decision = { do: 'wait' };
const refuse = (because: RefusalReason): Decision => ({ do: 'refuse', because });

/**
 * What to do with the folder. A server that answers is used. A server is started only when it is certain that
 * no other one lives; doubt means to wait, and then to refuse.
 */
export function decide(evidence: Evidence): Decision {
  const { answer, launched, lock, waitedMs } = evidence;
  if (answer === 'leased') return ADOPT;
  // Of two that were launched at once, the one that lost adopts the other; it is never launched again.
  if (launched === 'contested') return waitedMs < REACHABLE_WITHIN_MS ? WAIT : refuse('contested');
  if (launched === 'starting' || answer === 'busy') {
    return waitedMs < ANSWER_WITHIN_MS ? WAIT : refuse('slow');
  }
  const decision = judgeOwner(evidence);
  if (decision.do === 'start' && lock === 'held') return waitUntilReachable(waitedMs);
  return decision;
}

/** What follows from the owner's record when nothing answers. */
function judgeOwner(evidence: Evidence): Decision {
  const { owner, postmaster, waitedMs, renewed } = evidence;
  if (postmaster === 'alive' || postmaster === 'incomplete') return waitUntilReachable(waitedMs);
  switch (owner) {
    case 'none':
    case 'stopped':
      return judgeUnrecorded(evidence);
    case 'before-restart':
      return START;
    case 'here':
      return judgeNeighbour(evidence);
    case 'other-container':
      return judgeForeigner(evidence, SILENT_MS);
    case 'other-machine':
      // Its socket can never answer here, so there is nothing to wait for.
      return renewed ? refuse('other-machine') : judgeForeigner(evidence, SILENT_ELSEWHERE_MS);
  }
}

/**
 * No recorded owner uses the folder. An orderly stop leaves no lock file of Postgres, so one that is there
 * comes from a version that recorded no owner and relied on pids.
 */
function judgeUnrecorded({ postmaster, pidView }: Evidence): Decision {
  return postmaster === 'dead' && pidView === 'container' ? refuse('unrecorded') : START;
}

/** Its pids are ours, and its server is dead. */
function judgeNeighbour({ lock, starterAlive, silentMs }: Evidence): Decision {
  // Without the lock, a server that is about to write its lock file can be noticed only by who starts it.
  const mayBeStarting = lock === 'unavailable' && starterAlive && silentMs < SILENT_MS;
  return mayBeStarting ? WAIT : START;
}

/** Its pids mean nothing here: only its silence together with the free lock of its server prove its end. */
function judgeForeigner(evidence: Evidence, silentMsMin: number): Decision {
  const { silentMs, lock, ownerHasLock, pidView, waitedMs } = evidence;
  if (silentMs < silentMsMin) {
    return waitedMs < silentMsMin + REACHABLE_WITHIN_MS ? WAIT : refuse('unreachable');
  }
  if (pidView === 'no-namespaces') return START;
  return ownerHasLock && lock !== 'unavailable' ? START : refuse('unproven');
}

function waitUntilReachable(waitedMs: number): Decision {
  return waitedMs < REACHABLE_WITHIN_MS ? WAIT : refuse('unreachable');
}
