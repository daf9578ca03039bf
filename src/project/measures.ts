const MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 }

const BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
}

/** Milliseconds of `500ms`, `30s`, `5m`, `1.5h`; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  return scaled(text, MS)
}

/** Bytes of `512B`, `40MB` (decimal), `40MiB` (binary); undefined when it is no size. */
export function parseSize(text: string): number | undefined {
  const bytes = scaled(text, BYTES)
  return bytes === undefined ? undefined : Math.round(bytes)
}

function scaled(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s?([A-Za-z]+)$/.exec(text.trim())
  const unit =
    match?.[2] === undefined ? undefined : Object.hasOwn(units, match[2]) ? units[match[2]] : undefined
  const value = unit === undefined ? Number.NaN : Number(match?.[1]) * unit
  return Number.isFinite(value) ? value : undefined
}
