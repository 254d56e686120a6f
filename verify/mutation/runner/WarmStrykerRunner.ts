import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  type TestRunnerCapabilities,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { z } from 'zod';
import { currentArea } from '../areas';
import { isInSample, NOT_IN_SAMPLE, type Sample, sampleSchema } from '../sample';
import { KeptDryRun, readDigests } from './KeptDryRun';
import { fileOfTest, type RunReply, type TestFile, type TestOutcome } from './messages';
import { orderFiles, type TestDurations } from './orderFiles';
import { WarmVitest } from './WarmVitest';

/** In the copy of the project: of all runners of a run, only the first one sees every test. */
const DURATIONS_FILE = 'test-durations.json';

/** Stryker's test runner for Vitest: the tests of all changes run in one worker (`WarmTestRunner`). */
export class WarmStrykerRunner implements TestRunner {
  private vitest: WarmVitest | null = null;
  private durations: TestDurations | null = null;
  private readonly sample = readSample();

  /** The sources are loaded anew for each change. */
  capabilities(): TestRunnerCapabilities {
    return { reloadEnvironment: true };
  }

  /**
   * Runs all tests once, so that one that cannot be repeated fails in the dry run. Those with a database take
   * long, and begin with an empty one each.
   */
  async init(): Promise<void> {
    // The worker would keep this process alive when Stryker is killed.
    process.once('disconnect', () => process.exit());
    this.vitest = await WarmVitest.start(process.cwd());
    if (!existsSync(DURATIONS_FILE) && !currentArea().needsDatabase) await this.runAll();
  }

  async dryRun(_options: DryRunOptions): Promise<DryRunResult> {
    const { outcomes, coverage } = await this.runAllOrKept();
    const durations = Object.fromEntries(outcomes.map(({ id, durationMs }) => [id, durationMs]));
    await writeFile(DURATIONS_FILE, JSON.stringify(durations));
    return { status: DryRunStatus.Complete, tests: outcomes.map(toTestResult), mutantCoverage: coverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    if (this.sample !== null && !isInSample(this.sample, activeMutant))
      return { status: MutantRunStatus.Error, errorMessage: NOT_IN_SAMPLE };
    const files = await this.filesFor(testFilter);
    const mutant = { id: activeMutant.id, hitLimit: hitLimit ?? null };
    const { outcomes, hitCount } = await this.started().run({ files, mutant });
    return toMutantRunResult(
      determineHitLimitReached(hitCount, hitLimit) ?? {
        status: DryRunStatus.Complete,
        tests: outcomes.map(toTestResult),
      },
    );
  }

  async dispose(): Promise<void> {
    await this.vitest?.stop();
  }

  /** Tests with a database take long, so those run alone that have changed since the last run of the area. */
  private async runAllOrKept(): Promise<Pick<RunReply, 'outcomes' | 'coverage'>> {
    const { MUTATION_DRY_RUN: file } = process.env;
    if (file === undefined) return this.runAll();
    const kept = await KeptDryRun.read(file, await readDigests(await this.started().testFiles()));
    return kept.completeWith(await this.runFiles(kept.stale.map((test) => path.resolve(test))));
  }

  private async runAll(): Promise<RunReply> {
    return this.runFiles(await this.started().testFiles());
  }

  private runFiles(paths: readonly string[]): Promise<RunReply> {
    const files = paths.map((file) => ({ path: file, tests: null, testTimeoutMs: null }));
    return this.started().run({ files, mutant: null });
  }

  private started(): WarmVitest {
    if (this.vitest === null) throw new Error('init() has not been called');
    return this.vitest;
  }

  /** The tests to run, those files first that take the least time. */
  private async filesFor(tests: readonly string[] | undefined): Promise<TestFile[]> {
    this.durations ??= z
      .record(z.string(), z.number())
      .parse(JSON.parse(await readFile(DURATIONS_FILE, 'utf8')));
    return orderFiles(tests ?? Object.keys(this.durations), this.durations)
      .slice(0, currentArea().filesPerChangeMax)
      .map(({ file, ...limits }) => ({ path: path.resolve(file), ...limits }));
  }
}

function readSample(): Sample | null {
  const { MUTATION_SAMPLE: sample } = process.env;
  return sample === undefined ? null : sampleSchema.parse(JSON.parse(sample));
}

function toTestResult({ id, durationMs, failure }: TestOutcome): TestResult {
  const test = { id, name: id, timeSpentMs: durationMs, fileName: path.resolve(fileOfTest(id)) };
  return failure === null
    ? { ...test, status: TestStatus.Success }
    : { ...test, status: TestStatus.Failed, failureMessage: failure };
}
