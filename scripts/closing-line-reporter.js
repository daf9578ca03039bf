/** Names every test that was skipped, and closes with one line of counts; with CI=true a skip is a failure. */
export default class ClosingLineReporter {
  #error

  onRunComplete(_contexts, results) {
    const skipped = results.testResults.flatMap((file) =>
      file.testResults.filter((test) => test.status === 'pending' || test.status === 'todo'),
    )
    for (const test of skipped) process.stdout.write(`skipped: ${test.fullName}\n`)
    if (skipped.length > 0 && process.env.CI === 'true')
      this.#error = new Error('with CI=true no test may be skipped')
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    process.stdout.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped.length} skipped\n`)
  }

  getLastError() {
    return this.#error
  }
}
