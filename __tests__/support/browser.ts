import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Page } from 'playwright-core'
import { temporaryFolder } from './temporary-folder.ts'

export interface View {
  /** In CSS pixels; default 1100. */
  readonly width?: number
  /** Default light. */
  readonly scheme?: 'light' | 'dark'
  readonly media?: 'screen' | 'print'
}

export interface OpenPage extends AsyncDisposable {
  readonly page: Page
  /** What stands in the console, and errors that nobody caught. */
  readonly complaints: readonly string[]
  /** Everything that was asked for, the page itself first. */
  readonly requests: readonly string[]
  readonly url: string
}

/** Debian's Chromium with a profile of its own, which opens pages from files as a reader does. */
export async function startBrowser() {
  const folder = await temporaryFolder()
  const profile = join(folder.path, 'profile')
  await mkdir(profile)
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    args: ['--disable-gpu', '--disable-background-networking'],
    // Whatever it keeps of itself and for the desktop goes into the folder too.
    env: { ...process.env, HOME: folder.path, XDG_CONFIG_HOME: folder.path, XDG_CACHE_HOME: folder.path },
  })
  let files = 0
  return {
    async open(
      html: string,
      { width = 1100, scheme = 'light', media = 'screen' }: View = {},
    ): Promise<OpenPage> {
      const file = join(folder.path, `report-${files++}.html`)
      await writeFile(file, html)
      const page = await context.newPage()
      const complaints: string[] = []
      const requests: string[] = []
      page.on('console', (message) => complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('request', (request) => requests.push(request.url()))
      await page.setViewportSize({ width, height: 800 })
      await page.emulateMedia({ colorScheme: scheme, media })
      const url = pathToFileURL(file).href
      await page.goto(url)
      return { page, complaints, requests, url, [Symbol.asyncDispose]: () => page.close() }
    },
    async [Symbol.asyncDispose]() {
      await context.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}
