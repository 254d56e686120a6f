import type { Reporter, TestCase } from 'vitest/node';

/**
 * Names at the end the tests that failed first and passed when they were tried again, which `.ci/run` allows
 * once: the run goes on, but nobody overlooks them.
 */
export default class FlakyReporter implements Reporter {
  private readonly flaky: string[] = [];

  onTestCaseResult(test: TestCase): void {
    if (test.diagnostic()?.flaky) this.flaky.push(`${test.module.relativeModuleId} > ${test.fullName}`);
  }

  onTestRunEnd(): void {
    if (this.flaky.length === 0) return;
    console.warn(`Passed only when tried again:\n${this.flaky.map((name) => `  ${name}`).join('\n')}`);
  }
}
