// Ends the run with one plain line: how many tests passed, how many failed.
import type { FullResult, Reporter, TestCase } from '@playwright/test/reporter';

export default class ClosingLine implements Reporter {
  private readonly tests = new Set<TestCase>();

  onTestEnd(test: TestCase) {
    this.tests.add(test);
  }

  onEnd(result: FullResult) {
    const outcomes = [...this.tests].map((test) => test.outcome());
    const passed = outcomes.filter((outcome) => outcome === 'expected').length;
    const failed = outcomes.filter((one) => one === 'unexpected' || one === 'flaky').length;
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    return Promise.resolve({ status: result.status });
  }

  printsToStdio() {
    return false;
  }
}
