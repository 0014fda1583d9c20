// @ts-check
// Levels of grey → PNG, uncompressed. Pure.
//
// A canvas writes four bytes a pixel, three of which say what the first does, and packs them: the server takes three
// times as long to read that. So small a picture is not worth packing.

/** @typedef {Uint8Array<ArrayBuffer>} Png  bytes, not a Blob: fetch would have to fetch those from another process */

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const GREY = [8, 0, 0, 0, 0]; // bits of a sample, colour type, compression, filtering, interlace
const ZLIB = [0x78, 0x01]; // deflate, no preset dictionary
const BLOCK = 65_535; // bytes, the most of a stored block (RFC 1951, 3.2.4)
const ADLER = 65_521; // the largest prime below 2¹⁶ (RFC 1950, 9)

/** What a byte adds to a checksum (PNG specification, annex D). */
const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/**
 * @param {number} width px
 * @param {number} height px
 * @param {ArrayLike<number>} levels row by row, 0 … 255
 * @returns {Png}
 */
export function greyPng(width, height, levels) {
  const rows = new Uint8Array(height * (width + 1)); // each behind its filter's byte: none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width + 1) + x + 1] = levels[y * width + x] ?? 0;
  }
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk("IHDR", [...four(width), ...four(height), ...GREY]),
    ...chunk("IDAT", [...ZLIB, ...stored(rows), ...four(adler(rows))]),
    ...chunk("IEND", []),
  ]);
}

/**
 * @param {string} kind
 * @param {readonly number[]} data
 */
function chunk(kind, data) {
  const checked = [...[...kind].map((letter) => letter.charCodeAt(0)), ...data];
  let crc = 0xffffffff;
  for (const byte of checked) crc = (CRC[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return [...four(data.length), ...checked, ...four(~crc)];
}

/** @param {Uint8Array} bytes */
function stored(bytes) {
  /** @type {number[]} */
  const blocks = [];
  for (let start = 0; start < bytes.length; start += BLOCK) {
    const block = bytes.subarray(start, start + BLOCK);
    const last = start + BLOCK >= bytes.length ? 1 : 0;
    blocks.push(last, ...two(block.length), ...two(~block.length), ...block);
  }
  return blocks;
}

/** @param {Uint8Array} bytes */
function adler(bytes) {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % ADLER;
    b = (b + a) % ADLER;
  }
  return b * 65_536 + a;
}

/** @param {number} value most significant byte first */
const four = (value) => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255);

/** @param {number} value least significant byte first */
const two = (value) => [value & 255, (value >>> 8) & 255];
