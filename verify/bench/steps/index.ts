import type { Bench, BenchTable } from '../bench';
import { quantile } from '../support/statistics';
import type { Cell } from '../support/table';
import { runBare } from './bareLoop';
import { type ModelChild, startModelChild } from './modelChild';
import { openStepsLoop, type StepsFigures } from './stepsLoop';
import { StepTimes } from './stepTimes';

/** A run of ten calls of the model and ten of a tool, and the model's report. */
const CALLS_PER_RUN = 10;
const STEPS_PER_RUN = 2 * CALLS_PER_RUN + 1;
const RUNS_AT_ONCE = 200;
const WARM_UP_ROUNDS = 5;

/**
 * What it costs that a run is a list of steps: beside the library alone, one run at a time, and many at once.
 */
export async function benchSteps(bench: Bench): Promise<BenchTable[]> {
  const model = await startModelChild(CALLS_PER_RUN);
  const remove = bench.onExit(() => model.stop());
  try {
    return [await oneAtATime(bench, model), await manyAtOnce(bench, model)];
  } finally {
    remove();
    await model.stop();
  }
}

/** Each contestant runs in turn with the other, after a few runs of each that are not measured. */
async function oneAtATime(bench: Bench, { baseUrl }: ModelChild): Promise<BenchTable> {
  const [bare, ours, unmeasured] = [new StepTimes(), new StepTimes(), new StepTimes()];
  const rounds = (bench.options.isQuick ? 10 : 30) * bench.options.rounds;
  bench.progress(`Steps: one run at a time, ${rounds} rounds`);
  const load = { runsMax: 1, callsPerRun: CALLS_PER_RUN, baseUrl };
  const loop = await openStepsLoop(bench.server, load, bench.logger);
  let figures: StepsFigures | null = null;
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    await runBare(baseUrl, `run ${round}`, CALLS_PER_RUN, round < 0 ? unmeasured : bare);
    figures = await loop.run(1, round < 0 ? unmeasured : ours);
  }
  await loop.close();
  const [p50, p95] = [0.5, 0.95].map((share) => [quantile(bare.tookMs, share), quantile(ours.tookMs, share)]);
  return {
    title: 'One run at a time, milliseconds for a step: the AI SDK alone, and as recorded steps',
    rows: [
      { run: 'the AI SDK alone', 'p50 ms': p50?.[0] ?? null, 'p95 ms': p95?.[0] ?? null, 'trips/step': 0 },
      {
        run: 'recorded steps',
        'p50 ms': p50?.[1] ?? null,
        'p95 ms': p95?.[1] ?? null,
        'trips/step': tripsPerStep(figures),
      },
      { run: 'the difference', 'p50 ms': difference(p50), 'p95 ms': difference(p95), 'trips/step': null },
    ],
  };
}

async function manyAtOnce(bench: Bench, { baseUrl }: ModelChild): Promise<BenchTable> {
  const runs = bench.options.isQuick ? 20 : RUNS_AT_ONCE;
  const rows: Record<string, Cell>[] = [];
  const load = { runsMax: runs, callsPerRun: CALLS_PER_RUN, baseUrl };
  const loop = await openStepsLoop(bench.server, load, bench.logger);
  for (let round = 1; round <= bench.options.rounds; round += 1) {
    bench.progress(`Steps: ${runs} runs at once, round ${round} of ${bench.options.rounds}`);
    const figures = await loop.run(runs, new StepTimes());
    rows.push({
      runs,
      steps: figures.steps,
      'steps/s': figures.steps / figures.seconds,
      'trips/step': tripsPerStep(figures),
      'commits/step': figures.costs.commits / STEPS_PER_RUN,
      'WAL B/step': figures.costs.walBytes / STEPS_PER_RUN,
      'node ms/step': figures.costs.nodeCpuMs / STEPS_PER_RUN,
      'MB before': figures.beforeMb,
      'MB peak': figures.peakMb,
      'MB after': figures.afterMb,
    });
  }
  await loop.close();
  return { title: `${runs} runs of ${2 * CALLS_PER_RUN} steps and a report at once`, rows };
}

/** With the claim, the prompt and the settlement of the run. */
const tripsPerStep = (figures: StepsFigures | null): number | null => {
  const trips = figures?.costs.roundTrips ?? null;
  return trips === null ? null : trips / STEPS_PER_RUN;
};

const difference = (pair: (number | null)[] | undefined): number | null => {
  const [bare = null, ours = null] = pair ?? [];
  return bare === null || ours === null ? null : ours - bare;
};
