/** How the suite's own actions are named in what is generated; a fork changes the owner here alone. */
export const SUITE = 'org/mesh-actions'
export const REF = 'v1'
