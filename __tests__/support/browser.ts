import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { chromium, type Locator, type Page } from 'playwright-core'
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

/** What an element looks like: its screenshot, in CSS pixels from its upper left corner. */
export interface Picture {
  readonly width: number
  readonly height: number
  /** The red, green and blue of a pixel, from 0 to 255. */
  readonly colourAt: (x: number, y: number) => Colour
}

export type Colour = readonly [red: number, green: number, blue: number]

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
    async pictureOf(element: Locator): Promise<Picture> {
      const png = await element.screenshot()
      // On a page of its own: the policy of a report lets no picture in.
      const page = await context.newPage()
      try {
        const [width, height, encoded] = (await page.evaluate(decoding(png))) as [number, number, string]
        const pixels = Buffer.from(encoded, 'base64')
        const colourAt = (x: number, y: number): Colour => {
          const at = (y * width + x) * 4
          return [pixels.readUInt8(at), pixels.readUInt8(at + 1), pixels.readUInt8(at + 2)]
        }
        return { width, height, colourAt }
      } finally {
        await page.close()
      }
    },
    async [Symbol.asyncDispose]() {
      await context.close()
      await folder[Symbol.asyncDispose]()
    },
  }
}

/** A program for the browser that decodes a picture: its width, its height and four bytes for each pixel, row by row. */
function decoding(png: Buffer): string {
  return `(async () => {
    const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (one) => one.charCodeAt(0))
    const bitmap = await createImageBitmap(new Blob([bytes]))
    const { width, height } = bitmap
    const canvas = new OffscreenCanvas(width, height).getContext('2d')
    canvas.drawImage(bitmap, 0, 0)
    const { data } = canvas.getImageData(0, 0, width, height)
    const text = Array.from(data, (one) => String.fromCharCode(one)).join('')
    return [width, height, btoa(text)]
  })()`
}
