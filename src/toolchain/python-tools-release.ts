/**
 * The Python tools that are fetched where a project does not bring its own: changed by hand, with what
 * `pip-compile --generate-hashes` prints. Wheels of Python code alone, so that one hash a file is enough for every
 * platform; all of them run on Python 3.10 and later.
 */
export const PYTHON_TOOLS = {
  pytest: {
    version: '9.2.0',
    imports: 'pytest',
    requirements: `
pytest==9.2.0 --hash=sha256:07acdcf88ec174f907dc01af70bf52d49b014bbab03faeeade31c96b18c2e588
iniconfig==2.3.1 --hash=sha256:9121e2c1fdb355232495be3194c8dfe87ccc2d5dee45947b78e68f499790d7a7
packaging==26.3 --hash=sha256:d7193f7c8e4e93f444fde0262bf90af30e16fa0ad0ad44cb553c87339b23cd1c
pluggy==1.7.0 --hash=sha256:7dd7b0d8832ba3cb632c306926ded123429211b83641b35dc5c41ad2d34f9bec
pygments==2.21.0 --hash=sha256:2363c69b61c4a97c838da3b130dcd6468f4848992b21a82f2a63ec34377137d9
colorama==0.4.6 ; sys_platform == "win32" --hash=sha256:4f1d9991f5acc0ca119f9d443620b77f9d6b33703e51011c16baf57afb285fc6
exceptiongroup==1.3.1 ; python_version < "3.11" --hash=sha256:a7a39a3bd276781e98394987d3a5701d0c4edffb633bb7a5144577f82c773598
tomli==2.5.0 ; python_version < "3.11" --hash=sha256:32a7b79ac57a2e83670ce329ccf675798bc5a2094783a63676866b70503f2e2b
typing-extensions==4.16.0 ; python_version < "3.11" --hash=sha256:481caa481374e813c1b176ada14e97f1f67a4539ce9cfeb3f350d78d6370c2e8
`,
  },
  griffe: {
    version: '2.3.0',
    imports: 'griffe',
    requirements: `
griffelib==2.3.0 --hash=sha256:1b8f9cd525681c26b1d6d574faa1371651e8459ca51d209684f50b8096ae06e0
`,
  },
} as const satisfies Readonly<
  Record<string, { readonly version: string; readonly imports: string; readonly requirements: string }>
>

export type PythonTool = keyof typeof PYTHON_TOOLS
