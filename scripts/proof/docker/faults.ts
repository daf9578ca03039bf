import type { FaultyImage } from '../../../__tests__/support/faulty-image.ts'
import type { Fault } from '../proven.ts'

/** An image with one fault. */
export interface ImageFault extends Fault {
  readonly image: FaultyImage
}

/** Red before it is left alone for its ten seconds; a run takes about so long. */
const QUICK_MS = 4_000
/** With those ten seconds, up to its restart. */
const WHOLE_MS = 14_000

/** Faults of images that are forced. */
export const FAULTS: readonly ImageFault[] = [
  quick('misspelt', { dockerfile: 'FROM scratch\nCOPPY registry /registry\n' }),
  quick('copies-nothing', { lines: ['COPY nowhere /nowhere'] }),
  quick('fails-to-build', { lines: ['RUN ["/registry", "-fill", "/dev/full"]'] }),
  quick('builds-for-ever', { lines: ['RUN ["/registry", "-wait"]'] }, ['SIGINT', 'SIGKILL']),
  quick('exits', { fault: 'exits' }),
  quick('writes-to-root', { fault: 'writes-to-root' }),
  quick('never-listens', { fault: 'never-listens', spec: { timeout: '1s' } }),
  quick('loopback', { fault: 'loopback', spec: { timeout: '2s' } }),
  quick('dies', { fault: 'dies' }),
  quick('no-server', { spec: { port: undefined, ready: undefined, commands: [['/nowhere']] } }),
  quick(
    'waits-for-ever',
    { spec: { port: undefined, ready: undefined, commands: [['/registry', '-wait']] } },
    ['SIGINT', 'SIGKILL'],
  ),
  whole('ignores-sigterm', { fault: 'ignores-sigterm' }),
  whole('forgets', { fault: 'forgets' }),
]

function quick(name: string, image: FaultyImage, endings?: Fault['endings']): ImageFault {
  return { name, image, latestMs: QUICK_MS, ...(endings ? { endings } : {}) }
}

function whole(name: string, image: FaultyImage): ImageFault {
  return { name, image, latestMs: WHOLE_MS, endings: ['SIGINT', 'SIGKILL'] }
}
