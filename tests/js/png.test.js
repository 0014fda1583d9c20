// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, inflateSync } from "node:zlib";
import { greyPng } from "../../static/js/png.js";

/** @param {Uint8Array} png */
function chunks(png) {
  const bytes = Buffer.from(png);
  const found = [];
  for (let at = 8; at < bytes.length; ) {
    const data = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    const end = at + 8 + data.length;
    assert.equal(crc32(bytes.subarray(at + 4, end)), bytes.readUInt32BE(end));
    found.push({ kind: bytes.toString("latin1", at + 4, at + 8), data });
    at = end + 4;
  }
  return found;
}

test("every level comes out as it went in, in a PNG that is whole, however large", () => {
  for (const [width, height] of /** @type {const} */ ([
    [1, 1],
    [53, 62],
    [300, 290],
  ])) {
    const levels = Uint8Array.from(
      { length: width * height },
      (_, pixel) => (pixel * 7 + (pixel >> 8)) & 255,
    );
    const [header, data, end, ...more] = chunks(greyPng(width, height, levels));
    assert.deepEqual([header?.kind, data?.kind, end?.kind, more.length], ["IHDR", "IDAT", "IEND", 0]);
    assert.deepEqual([header?.data.readUInt32BE(0), header?.data.readUInt32BE(4)], [width, height]);
    const rows = inflateSync(/** @type {Buffer} */ (data?.data)); // checks Adler's sum
    for (let y = 0; y < height; y++) {
      assert.equal(rows[y * (width + 1)], 0);
      assert.deepEqual(
        [...rows.subarray(y * (width + 1) + 1, (y + 1) * (width + 1))],
        [...levels.subarray(y * width, (y + 1) * width)],
      );
    }
  }
});
