import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../process/environment.ts'

/** The suite's folder under the user's cache folder, where each system has it; it need not exist. */
export function userCache(environment: Environment): string {
  return join(cacheFolder(environment), 'mesh-actions')
}

function cacheFolder(environment: Environment): string {
  if (process.platform === 'win32') return environment.LOCALAPPDATA || join(homedir(), 'AppData', 'Local')
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches')
  return environment.XDG_CACHE_HOME || join(homedir(), '.cache')
}
