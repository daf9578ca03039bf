/** What other parts of the suite do with the files of this stage. */
export { acceptBinaries } from './accept.ts'
export { readManifest, writeManifest } from './manifest-file.ts'
export { place } from './place.ts'
