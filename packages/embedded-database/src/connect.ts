import { setTimeout as delay } from 'node:timers/promises';
import { type Address, SOCKET_NAME, urlOf } from './address';
import type { Cluster } from './cluster';
import { chooseNewPort, rememberedPort } from './clusterFolder';
import { decide, type Evidence } from './decide';
import { EmbeddedDatabaseError } from './errors';
import { type FolderLock, tryLock, unlock } from './folderLock';
import { pidViewOf, placeOf } from './identity';
import { type Answer, askForLease, type Lease } from './lease';
import { claimFolder, type Owner, type OwnerRecord, readOwner, renewOwner } from './ownerRecord';
import { readPostmaster, removeRemains } from './postmaster';
import { explainPostgres, isContested, refusal } from './problems';
import { isRunning, ownStart } from './processStart';
import { type LaunchedServer, launchServer } from './serverProcess';

const POLL_MS = 40;
const POLL_SLOWLY_MS = 250;
/** After this long, polling is slower and the log says that the process waits. */
const PATIENCE_MS = 2_000;
const LAUNCHES_MAX = 5;
const RELAUNCH_DELAY_MS = 250;

export interface Connected {
  lease: Lease;
  address: Address;
  /** Another process's server is used. */
  adopted: boolean;
}

/**
 * Returns a lease on the cluster's server and starts the server if that is certain to be safe (`decide`). A
 * server that is started listens at `address`, once the application has been told one. An aborted `signal`
 * ends the waiting.
 * @throws EmbeddedDatabaseError with one sentence that names the owner of the folder, or what is wrong, and
 * the remedy
 */
export async function connect(
  cluster: Cluster,
  { address, signal }: { address?: Address; signal?: AbortSignal } = {},
): Promise<Connected> {
  const attempt = new Attempt(cluster, address);
  for (;;) {
    // A server that was just launched is waited for: it has to be stopped in order too.
    if (!attempt.isLaunching) signal?.throwIfAborted();
    const connected = await attempt.step();
    if (connected) return connected;
    await delay(attempt.waitedMs < PATIENCE_MS ? POLL_MS : POLL_SLOWLY_MS);
  }
}

/** One try to get a server for the folder: what was seen, launched and waited for so far. */
class Attempt {
  private readonly beganAtMs = performance.now();
  private readonly watch = new RecordWatch();
  /** The last words of the launched server that have been dealt with. */
  private answered: string | undefined;
  private launches = 0;
  /** The number of the record by which this process owns the folder. */
  private claimed: number | undefined;
  private wanted: Address | undefined;
  private saidThatItWaits = false;

  constructor(
    private readonly cluster: Cluster,
    private readonly fixedAddress: Address | undefined,
  ) {}

  get waitedMs(): number {
    return performance.now() - this.beganAtMs;
  }

  /** A server launched by this process has neither answered nor ended. */
  get isLaunching(): boolean {
    return launchState(this.cluster.launched) === 'starting';
  }

  /** Looks once and acts once. */
  async step(): Promise<Connected | undefined> {
    const { folder, logger } = this.cluster;
    const owner = await readOwner(folder.home);
    const { answer, address, evidence } = await this.look(owner);
    let decision = decide({ ...evidence, lock: 'ours' });
    if (decision.do === 'start') {
      const lock = await tryLock(folder.lockFile);
      try {
        decision = decide({ ...evidence, lock: lock.state });
        if (decision.do === 'start') await this.start(owner, lock);
      } finally {
        await unlock(lock);
      }
    }
    if (answer.kind === 'leased') {
      // A server of ours that has ended is forgotten: the one that answers has nothing to do with its last
      // words.
      if (!this.isLaunching) this.cluster.launched = undefined;
      return { lease: answer.lease, address, adopted: this.cluster.launched === undefined };
    }
    if (this.isLaunching && this.claimed !== undefined) await renewOwner(folder.home, this.claimed);
    if (decision.do === 'refuse') throw refusal(decision.because, folder.home, owner);
    if (decision.do === 'wait' && this.waitedMs > PATIENCE_MS && !this.saidThatItWaits) {
      this.saidThatItWaits = true;
      logger.info(
        { folder: folder.home, host: owner?.record.host },
        'Waiting for the database server of the folder, or for a proof that it has ended',
      );
    }
    return undefined;
  }

  private async look(
    owner: Owner | undefined,
  ): Promise<{ answer: Answer; address: Address; evidence: Evidence }> {
    const { folder, socketPath, password, self } = this.cluster;
    const postmaster = await readPostmaster(folder.cluster);
    const address = postmaster.address ?? { kind: 'socket' };
    const url = urlOf(address, { socketFolder: socketPath.folder, password });
    const answer = await askForLease({
      address,
      url,
      cluster: folder.cluster,
      pidNamespace: self.pidNamespace,
    });
    const place = owner && (owner.record.stopped ? 'stopped' : placeOf(owner.record, self));
    const evidence: Evidence = {
      answer: answer.kind,
      launched: launchState(this.cluster.launched),
      lock: 'ours',
      owner: place ?? 'none',
      ownerHasLock: owner?.record.hasLock === true,
      starterAlive: place === 'here' && owner !== undefined && (await isRunning(owner.record)),
      postmaster: postmaster.state,
      pidView: pidViewOf(self),
      ...this.watch.see(owner),
      waitedMs: this.waitedMs,
    };
    return { answer, address, evidence };
  }

  private async start(owner: Owner | undefined, lock: FolderLock): Promise<void> {
    const { folder } = this.cluster;
    await this.learnFromLastLaunch();
    this.wanted ??= this.fixedAddress ?? (await this.preferredAddress());
    const record = await this.newRecord(owner, lock);
    if (!(await claimFolder(folder.home, record))) return;
    this.claimed = record.number;
    await removeRemains(folder.cluster, SOCKET_NAME);
    this.cluster.launched = await launchServer(this.cluster, {
      address: this.wanted,
      ownerNumber: record.number,
      lock: lock.state === 'ours' ? lock.handle : undefined,
    });
    this.launches += 1;
  }

  /** What the last launched server said decides how, and whether at all, the next one is launched. */
  private async learnFromLastLaunch(): Promise<void> {
    const { folder, logger } = this.cluster;
    const words = this.cluster.launched?.lastWords();
    if (words === undefined || words === this.answered || this.launches === 0) return;
    this.answered = words;
    if (words.includes('could not create any Unix-domain sockets') && this.wanted?.kind === 'socket') {
      logger.warn({ folder: folder.home }, 'The file system of the database holds no sockets; using a port');
      this.wanted = { kind: 'tcp', port: await rememberedPort(folder, this.cluster.user) };
    } else if (words.includes('could not bind') && this.fixedAddress === undefined) {
      this.wanted = { kind: 'tcp', port: await chooseNewPort(folder) };
      logger.warn(this.wanted, 'The port of the database is taken by another program; moving to a free one');
    } else {
      const explained = explainPostgres(words, folder.home);
      if (explained || this.launches === LAUNCHES_MAX) throw explained ?? this.startError(words);
      // Where there is no lock, the sessions of a killed server keep its memory for a moment longer, and
      // Postgres rightly refuses until then.
      await delay(this.launches * RELAUNCH_DELAY_MS);
    }
  }

  private async preferredAddress(): Promise<Address> {
    const { listen, folder, user } = this.cluster;
    return listen === 'socket'
      ? { kind: 'socket' }
      : { kind: 'tcp', port: await rememberedPort(folder, user) };
  }

  private async newRecord(owner: Owner | undefined, lock: FolderLock): Promise<OwnerRecord> {
    return {
      ...this.cluster.self,
      number: (owner?.record.number ?? 0) + 1,
      pid: process.pid,
      processStart: await ownStart(),
      since: new Date().toISOString(),
      hasLock: lock.state === 'ours',
      stopped: false,
    };
  }

  private startError(lastWords: string): EmbeddedDatabaseError {
    const { home, logFile } = this.cluster.folder;
    return new EmbeddedDatabaseError(
      `The database in ${home} did not start. ${lastWords || 'It gave no reason.'} (Its log: ${logFile})`,
    );
  }
}

function launchState(launched: LaunchedServer | undefined): Evidence['launched'] {
  if (launched === undefined) return 'none';
  const words = launched.lastWords();
  if (words === undefined) return 'starting';
  return isContested(words) ? 'contested' : 'none';
}

/** Notices whether the owner's record changes. Clocks of two machines are never compared. */
class RecordWatch {
  private seen: string | undefined;
  private seenAtMs = 0;
  private renewed = false;

  see(owner: Owner | undefined): { renewed: boolean; silentMs: number } {
    const now = performance.now();
    const current = owner ? `${owner.record.number} ${owner.renewedAtMs}` : '';
    if (current !== this.seen) {
      this.renewed = this.seen !== undefined;
      this.seen = current;
      this.seenAtMs = now;
    }
    return { renewed: this.renewed, silentMs: now - this.seenAtMs };
  }
}
