export { SUITE } from '../../src/platform/suite.ts'

/** What the suite's references to itself name. */
export const REF = 'v1'
