/** How the suite names itself; `scripts/set-owner` changes the owner here and everywhere else for a fork. */
export const SUITE = 'org/mesh-actions'
/** What its references to itself name: the major tag, and in a release's tree the commit that holds its dist/. */
export const REF: string = 'v1'
/** The release whose commit REF is, as in v1.2.3: a comment behind each reference; empty for the major tag. */
export const RELEASE: string = ''
