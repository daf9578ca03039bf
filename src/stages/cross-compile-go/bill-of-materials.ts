import type { Manifest } from './manifest.ts'

/**
 * The CycloneDX bill of materials of a manifest, as JSON: the programs, and the Go modules linked into each.
 * The same manifest gives the same text: no time, no serial number.
 */
export async function billOfMaterials(manifest: Manifest): Promise<string> {
  // Loaded only here: the library takes longer to start than everything else in the stage.
  // Its parts one by one: the whole also brings validators that do not survive bundling.
  const [Enums, Models, Serialize, Spec, { PackageURL }] = await Promise.all([
    import('@cyclonedx/cyclonedx-library/Enums'),
    import('@cyclonedx/cyclonedx-library/Models'),
    import('@cyclonedx/cyclonedx-library/Serialize'),
    import('@cyclonedx/cyclonedx-library/Spec'),
    import('packageurl-js'),
  ])
  const bom = new Models.Bom()
  const modules = new Map<string, InstanceType<typeof Models.Component>>()
  for (const { path, version } of manifest.binaries.flatMap((binary) => binary.modules)) {
    const reference = `${path}@${version}`
    if (modules.has(reference)) continue
    const slash = path.lastIndexOf('/')
    const component = new Models.Component(Enums.ComponentType.Library, path, {
      bomRef: reference,
      version,
      purl: new PackageURL(
        'golang',
        path.slice(0, Math.max(0, slash)),
        path.slice(slash + 1),
        version,
      ).toString(),
    })
    modules.set(reference, component)
    bom.components.add(component)
  }
  for (const binary of manifest.binaries) {
    const component = new Models.Component(Enums.ComponentType.Application, binary.path, {
      bomRef: binary.path,
      version: manifest.version,
      description: `${binary.package} for ${binary.platform}`,
      hashes: new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], binary.sha256]]),
    })
    for (const { path, version } of binary.modules) {
      const linked = modules.get(`${path}@${version}`)
      if (linked) component.dependencies.add(linked.bomRef)
    }
    bom.components.add(component)
  }
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6))
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`
}
