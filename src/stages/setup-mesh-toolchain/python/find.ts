import { realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { allEnded } from '../../../process/all-ended.ts'
import { succeeded } from '../../../process/run.ts'
import { ConfigurationError } from '../../../result/configuration-error.ts'
import { ask, failureOf, runTool } from '../../../toolchain/command.ts'
import { LIMITS, type Limits } from '../../../toolchain/limits.ts'
import type { FoundTool, ToolPlaces } from '../../../toolchain/tool.ts'
import { findUv } from '../../../toolchain/uv.ts'
import { installerCause } from './installer-message.ts'
import { type Interpreter, inToolCache, interrogate, namedOnPath } from './interpreter.ts'
import type { PythonRequest } from './request.ts'
import { isRange, newestFirst } from './version.ts'

/**
 * Finds the Python that is asked for: on PATH, in the tool cache, else through `uv python install` into the user's
 * cache. Of a range as 3.11 or 3.x the newest of those that are there is taken. Each place that was passed over
 * is logged with its reason. Throws one ConfigurationError that lists what was tried where there is no way left.
 */
export async function findPython(
  request: PythonRequest,
  places: ToolPlaces,
  limits: Limits = LIMITS,
): Promise<FoundTool> {
  const asked = `Python ${request.pattern.written}`
  const passedOver: string[] = []
  const pass = (reason: string) => {
    passedOver.push(reason)
    places.log.info(`${asked}: passed over ${reason}`)
  }
  const found = ({ version, executable }: Interpreter, where: string): FoundTool => {
    places.log.info(`${asked} (asked for by ${request.source}): ${version} from ${where}, ${executable}`)
    return {
      version,
      executable,
      addToPath: where === 'PATH' ? undefined : dirname(executable),
      where,
      passedOver,
    }
  }

  const path = await onPath(request, places, pass)
  const cached = await fromToolCache(request, places, path.found, pass)
  if (cached) return found(cached, 'tool cache')
  if (path.found) return found(path.found, 'PATH')
  const fetched = await fromUv(request, places, path.running, limits, pass)
  if (fetched) return found(fetched, 'uv')

  const here = [...new Set(path.running.map(({ version }) => version))].sort(newestFirst)
  const alternative = here.length > 0 ? `, or ask for one that is here (${here.join(', ')})` : ''
  throw new ConfigurationError(
    `there is no ${asked}, which ${request.source} asks for; tried ${passedOver.join('; ')}`,
    { fix: `install it and put it on PATH, let uv fetch it (UV_PYTHON_INSTALL_MIRROR)${alternative}` },
  )
}

type Pass = (reason: string) => void

/** The interpreter on PATH that is wanted, and all that were seen running on the way. */
async function onPath(request: PythonRequest, places: ToolPlaces, pass: Pass) {
  const { pattern } = request
  const minor = pattern.numbers.length < 2 ? undefined : pattern.numbers.slice(0, 2).join('.')
  const programs = await withoutDoubles(await namedOnPath(places, minor))
  const running: Interpreter[] = []
  const wanted: Interpreter[] = []
  const consider = (program: string, answer: Awaited<ReturnType<typeof interrogate>>) => {
    if ('failure' in answer) return pass(`PATH: ${program}: ${answer.failure}`)
    running.push(answer)
    const refusal = refusalOf(request, answer)
    if (refusal === undefined) wanted.push(answer)
    else pass(`PATH: ${program} is ${answer.version}: ${refusal}`)
  }
  if (isRange(pattern)) {
    const answers = await allEnded(programs.map((program) => interrogate(program, places)))
    answers.forEach((answer, index) => {
      consider(programs[index] ?? '', answer)
    })
    wanted.sort((a, b) => newestFirst(a.version, b.version))
  } else {
    for (const program of programs) {
      if (wanted.length === 0) consider(program, await interrogate(program, places))
    }
  }
  if (programs.length === 0) pass('PATH: it has no python3 and no python')
  return { found: wanted[0], running }
}

/** Pythons that PATH offers under several names are asked once. */
async function withoutDoubles(programs: readonly string[]): Promise<readonly string[]> {
  const files = await allEnded(programs.map((program) => realpath(program).catch(() => program)))
  return programs.filter((_, index) => files.indexOf(files[index] ?? '') === index)
}

function refusalOf(request: PythonRequest, { version, implementation }: Interpreter): string | undefined {
  return implementation === 'CPython' ? request.refusal(version) : `is ${implementation}, not CPython`
}

/** What the tool cache has; beside one on PATH only a newer one of a range. */
async function fromToolCache(
  request: PythonRequest,
  places: ToolPlaces,
  other: Interpreter | undefined,
  pass: Pass,
): Promise<Interpreter | undefined> {
  if (other && !isRange(request.pattern)) return undefined
  const isNewer = (version: string) => !other || newestFirst(version, other.version) < 0
  const there = await inToolCache(places)
  for (const { version, program } of there.filter((one) => isNewer(one.version))) {
    const refusal = request.refusal(version)
    const answer = refusal === undefined ? await interrogate(program, places) : { failure: refusal }
    if (!('failure' in answer)) {
      const wrong = refusalOf(request, answer)
      if (wrong === undefined) {
        if (other)
          pass(`PATH: ${other.executable} is ${other.version}, and the tool cache has ${answer.version}`)
        return answer
      }
      pass(`tool cache: ${program} is ${answer.version}: ${wrong}`)
    } else if (!other) {
      pass(`tool cache: ${version}: ${answer.failure}`)
    }
  }
  if (there.length === 0 && !other) {
    pass(places.toolCache === undefined ? 'tool cache: there is none here' : 'tool cache: no Python in it')
  }
  return undefined
}

async function fromUv(
  request: PythonRequest,
  places: ToolPlaces,
  running: readonly Interpreter[],
  limits: Limits,
  pass: Pass,
): Promise<Interpreter | undefined> {
  const executables = [...new Set(running.map(({ executable }) => executable))]
  const search = await findUv(places, executables, limits)
  for (const reason of search.passedOver) pass(reason)
  if (!search.found) return undefined
  const uv = search.found.executable
  const env = { UV_PYTHON_INSTALL_DIR: join(places.userCache, 'python'), UV_PYTHON_INSTALL_BIN: '0' }
  const kept = () =>
    ask([uv, 'python', 'find', '--managed-python', '--no-python-downloads', request.specifiers], places, {
      env,
    })
  let answer = await kept()
  if ('failure' in answer) {
    const outcome = await places.log.task(`Fetch Python ${request.pattern.written} with uv`, (output) =>
      runTool([uv, 'python', 'install', request.specifiers], places, {
        env,
        timeoutMs: limits.pythonMs,
        output,
      }),
    )
    if (!succeeded(outcome)) {
      pass(`uv python install ${request.specifiers}: ${installerCause(outcome.tail) ?? failureOf(outcome)}`)
      return undefined
    }
    answer = await kept()
  }
  const interpreter = 'failure' in answer ? answer : await interrogate(answer.stdout.trim(), places)
  const wrong = 'failure' in interpreter ? interpreter.failure : refusalOf(request, interpreter)
  if (wrong === undefined && !('failure' in interpreter)) return interpreter
  pass(`uv python install ${request.specifiers}: ${wrong}`)
  return undefined
}
