import { saturating } from '../beats';
import { type BeatFigures, beatRow } from '../beats/beatFigures';
import { runLocalLoop } from '../beats/localLoop';
import type { Bench, BenchTable } from '../bench';
import { type Contestant, runRounds, warmUpSeconds } from '../rounds';
import { medianOf } from '../support/statistics';
import { createGraphilePeer } from './graphileWorker';
import { type Peer, runPeer } from './peer';
import { createPgBossPeer } from './pgBoss';
import { createSingleRowWrites } from './singleRowWrites';

const OURS = 'everbeat';

/** With the settings of their guides, and tuned: batched fetches and completions, higher concurrency. */
const PEERS: Peer[] = [
  createGraphilePeer('graphile-worker, 10 concurrent', {
    concurrentJobs: 10,
    maxPoolSize: 12,
    pollInterval: 2_000,
  }),
  createGraphilePeer('graphile-worker, 50 concurrent, fetches 200, completes in batches', {
    concurrentJobs: 50,
    maxPoolSize: 20,
    pollInterval: 100,
    localQueueSize: 200,
    completeJobBatchDelay: 1,
  }),
  createPgBossPeer('pg-boss, 10 workers', {
    workers: 10,
    batchSize: 1,
    maxConnections: 10,
    addsTogether: false,
  }),
  createPgBossPeer('pg-boss, 10 workers, fetches 200, completes in batches', {
    workers: 10,
    batchSize: 200,
    maxConnections: 20,
    addsTogether: false,
  }),
  createPgBossPeer('pg-boss, the same, 200 jobs handled as one', {
    workers: 10,
    batchSize: 200,
    maxConnections: 20,
    addsTogether: true,
  }),
];

/** Puts the same load on each of them, on one server: recurring jobs that do nothing. */
export async function benchPeers(bench: Bench): Promise<BenchTable[]> {
  const jobs = bench.options.taskCounts.find((count) => count >= 2_000) ?? 200;
  return [await maximum(bench, jobs), await paced(bench)];
}

/** Everything is always due. */
async function maximum(bench: Bench, jobs: number): Promise<BenchTable> {
  const timed = { warmUpSeconds: warmUpSeconds(bench), seconds: bench.options.seconds };
  const title = `${jobs} recurring jobs, at the maximum`;
  const peers = [...PEERS, createSingleRowWrites(16)];
  return comparison(bench, title, [
    { name: OURS, run: () => runLocalLoop(bench.server, { ...saturating(jobs), ...timed }, bench.logger) },
    ...peers.map((peer) => ({
      name: peer.name,
      run: () => runPeer(bench.server, peer, { jobs, intervalMs: 0, ...timed }, bench.logger),
    })),
  ]);
}

/** 100 a second: the lateness under a low load. */
async function paced(bench: Bench): Promise<BenchTable> {
  const timed = { warmUpSeconds: Math.max(3, warmUpSeconds(bench)), seconds: bench.options.seconds };
  return comparison(bench, '200 recurring jobs every 2 s', [
    {
      name: OURS,
      run: () => runLocalLoop(bench.server, { tasks: 200, intervalSeconds: 2, ...timed }, bench.logger),
    },
    ...PEERS.map((peer) => ({
      name: peer.name,
      run: () => runPeer(bench.server, peer, { jobs: 200, intervalMs: 2_000, ...timed }, bench.logger),
    })),
  ]);
}

async function comparison(bench: Bench, title: string, contestants: Contestant[]): Promise<BenchTable> {
  const runs = await runRounds(bench, `Peers: ${title}`, contestants);
  const speed = (figures: BeatFigures[]): number => medianOf(figures, (run) => run.cyclesPerSecond) ?? 0;
  const ours = speed(runs.get(OURS) ?? []);
  return {
    title: `Peers: ${title} (ratio: our cycles/s divided by theirs)`,
    rows: [...runs].map(([name, figures]) => ({
      ratio: ours / Math.max(1e-9, speed(figures)),
      ...beatRow(name, figures),
    })),
    details: Object.fromEntries(runs),
  };
}
