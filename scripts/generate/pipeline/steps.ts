import { LATER_STAGES } from '../../../src/report/pipeline.ts'
import type { Stage } from '../../../src/result/stages.ts'
import { REF, SUITE } from '../suite.ts'
import { expression, handedOn } from './inputs.ts'

/** How a step names an action of the suite. */
export function uses(name: string): string {
  return `${SUITE}/actions/${name}@${REF}`
}

/** Those of some stages that have an action. */
export function present(stages: readonly Stage[]): readonly Stage[] {
  return stages.filter((stage) => !LATER_STAGES.includes(stage))
}

/** A condition that holds where one of these stages is wanted. No stage's name is part of another's. */
export function wanted(stages: readonly Stage[]): string {
  const each = stages.map((stage) => `!contains(inputs.skip, '${stage}')`)
  return each.length > 1 ? `(${each.join(' || ')})` : each.join('')
}

/** Files are compared before anything is installed: where packages are gone nothing else would say so. */
export async function guardStep() {
  return {
    id: 'guard',
    uses: uses('validate-python-ref'),
    with: { 'guard-only': true, upload: 'red', ...(await handedOn('validate-python-ref')) },
  }
}

/** The step that sets a job up; `given` are inputs that the job decides. */
export async function setupStep(netrc: string, given: Readonly<Record<string, string>> = {}) {
  return {
    id: 'setup-mesh-toolchain',
    uses: uses('setup-mesh-toolchain'),
    with: { ...(await handedOn('setup-mesh-toolchain')), ...given, netrc: expression(netrc) },
  }
}

/** The step of a stage. */
export async function stageStep(stage: Stage, given: Readonly<Record<string, string>> = {}) {
  return { id: stage, uses: uses(stage), with: { ...(await handedOn(stage)), ...given } }
}
