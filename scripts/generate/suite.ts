export { SUITE } from '../../src/platform/suite.ts'

/** What the suite's references to itself name: the major tag, and in a release's tree the commit that holds its dist/. */
export const REF: string = 'v1'
/** The release whose commit REF is, as in v1.2.3: a comment behind each reference; empty for the major tag. */
export const RELEASE: string = ''
