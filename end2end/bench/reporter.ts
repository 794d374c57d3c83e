import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';

/** Prints the title and the output of each measurement, and errors. */
export default class Figures implements Reporter {
  onTestBegin(measurement: TestCase) {
    console.log(`\n${measurement.title}`);
  }

  onStdOut(text: string | Buffer) {
    process.stdout.write(text);
  }

  onTestEnd(_: TestCase, result: TestResult) {
    for (const { description } of result.annotations) console.log(`  skipped: ${description ?? ''}`);
    for (const { stack, message } of result.errors) console.log(stack ?? message);
  }

  onError({ stack, message }: { stack?: string; message?: string }) {
    console.log(stack ?? message);
  }

  onEnd({ status }: FullResult) {
    if (status !== 'passed') console.log(`\nThe measurements ended with: ${status}`);
  }
}
