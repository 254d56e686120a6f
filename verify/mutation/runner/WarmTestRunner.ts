import path from 'node:path';
import { type File, type Suite, startTests, type Test, type VitestRunner } from '@vitest/runner';
import { TestRunner, vi } from 'vitest';
import { type FileIds, shareHooks } from './coverage';
import {
  CHANNEL,
  type Reply,
  type Request,
  type RunReply,
  type RunRequest,
  type TestFile,
  type TestOutcome,
  testId,
} from './messages';
import { limitTime, stryker } from './strykerNamespace';

/**
 * Runs in Vitest's worker. Vitest starts it with one file (`session.ts`); when that has run, it runs whatever
 * tests it is asked for, as often as it is asked: a run costs what its tests cost, because the worker, the
 * installed packages and the transformed sources stay. The sources themselves are loaded anew each time, so
 * that neither a constant nor a cache outlives a change.
 */
export default class WarmTestRunner extends TestRunner {
  override async onAfterRunFiles(): Promise<void> {
    super.onAfterRunFiles();
    const channel = new BroadcastChannel(CHANNEL);
    const send = (reply: Reply): void => channel.postMessage(reply);
    let previous = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      channel.onmessage = (event) => {
        const { data: request }: { data: Request } = event;
        if (request === 'stop') resolve();
        else previous = previous.then(async () => send(await this.answer(request))).catch(reject);
      };
      send('ready');
    });
    channel.close();
  }

  private async answer({ files, mutant }: RunRequest): Promise<RunReply> {
    vi.resetModules();
    Object.assign(stryker, {
      activeMutant: mutant?.id,
      hitCount: 0,
      hitLimit: mutant?.hitLimit ?? undefined,
      mutantCoverage: { static: {}, perTest: {} },
    });
    const ran: FileIds[] = [];
    const outcomes: TestOutcome[] = [];
    for (const file of files) {
      const ofFile = await this.runFile(file, mutant !== null);
      outcomes.push(...ofFile);
      ran.push({ hooks: this.hooksId(file.path), tests: ofFile.map(({ id }) => id) });
      if (mutant !== null && ofFile.some(({ failure }) => failure !== null)) break;
    }
    stryker.activeMutant = undefined;
    const coverage = stryker.mutantCoverage ?? { static: {}, perTest: {} };
    return { outcomes, coverage: shareHooks(coverage, ran), hitCount: stryker.hitCount ?? 0 };
  }

  private async runFile(
    { path: file, tests, testTimeoutMs }: TestFile,
    endsAtFailure: boolean,
  ): Promise<TestOutcome[]> {
    if (testTimeoutMs !== null) vi.setConfig({ testTimeout: testTimeoutMs });
    const outcomes: TestOutcome[] = [];
    const record = (id: string, result: Test['result']): void => {
      const failure = result?.state === 'fail' ? (result.errors?.[0]?.message ?? 'no message') : null;
      outcomes.push({ id, durationMs: result?.duration ?? 0, failure });
    };
    const hasFailed = (): boolean => outcomes.some(({ failure }) => failure !== null);
    const [result] = await startTests(
      [file],
      this.withoutReports({
        onCollected: (files) => {
          stryker.currentTestId = this.hooksId(file);
          if (tests !== null) for (const collected of files) this.selectTests(collected, new Set(tests));
        },
        onBeforeRunTask: (test) => {
          if (endsAtFailure && hasFailed()) test.mode = 'skip';
          return super.onBeforeRunTask(test);
        },
        onBeforeTryTask: (test) => {
          stryker.currentTestId = this.idOf(test);
          limitTime(testTimeoutMs);
          super.onBeforeTryTask(test);
        },
        onAfterRunTask: (test) => {
          // What is loaded for the next one may take as long as it needs.
          limitTime(null);
          stryker.currentTestId = this.hooksId(file);
          if (test.result?.state !== 'skip') record(this.idOf(test), test.result);
          super.onAfterRunTask(test);
        },
      }),
    );
    stryker.currentTestId = undefined;
    restoreEnvironment();
    // A file that could not be loaded, or a hook that failed: its tests did not run.
    if (result?.result?.state === 'fail' && !hasFailed())
      record(tests?.[0] ?? this.hooksId(file), result.result);
    return outcomes;
  }

  /** This runner, for tests of which Vitest's main thread is told nothing. */
  private withoutReports(hooks: Partial<VitestRunner>): VitestRunner {
    const runner: VitestRunner = Object.create(this);
    return Object.assign(runner, {
      onCollectStart: (file: File) => TestRunner.prototype.onCollectStart.call(this, file),
      onTaskUpdate: async () => {},
      onAfterRunFiles: () => super.onAfterRunFiles(),
      ...hooks,
    });
  }

  /**
   * Leaves out the tests that are not asked for, and the groups of which no test remains, with their hooks.
   */
  private selectTests(suite: Suite, ids: ReadonlySet<string>): void {
    for (const task of suite.tasks) {
      if (task.type === 'suite') this.selectTests(task, ids);
      else if (!ids.has(this.idOf(task))) task.mode = 'skip';
    }
    if (suite.tasks.every(({ mode }) => mode === 'skip')) suite.mode = 'skip';
  }

  private idOf(test: Test): string {
    const names = [test.name];
    for (let suite = test.suite; suite !== undefined && suite !== test.file; suite = suite.suite) {
      names.unshift(suite.name);
    }
    return testId(path.relative(this.config.root, test.file.filepath), names);
  }

  private hooksId(file: string): string {
    return testId(path.relative(this.config.root, file), []);
  }
}

/** What a test that failed may have left. */
function restoreEnvironment(): void {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.resetConfig();
}
