// Pictures as PNG files of at most 256 colours, and what tells two pictures apart.
import { deflateSync } from "node:zlib";
import { PNG } from "pngjs";

const colourAt = ({ data }, i) => (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

/** The colours that a picture is kept with, at most 256: those it has most, then one of each kind. */
function paletteOf(picture) {
  const counts = new Map();
  for (let i = 0; i < picture.data.length; i += 4) counts.set(colourAt(picture, i), (counts.get(colourAt(picture, i)) ?? 0) + 1);
  const ranked = [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a));
  const kinds = new Map();
  for (const colour of ranked) if (!kinds.has(colour & 0xf0f0f0)) kinds.set(colour & 0xf0f0f0, colour);
  const palette = [...new Set([...ranked.slice(0, 96), ...kinds.values()])].slice(0, 256);
  const places = new Map();
  for (const colour of counts.keys()) {
    const distance = (other) => channels(other).reduce((sum, v, c) => sum + (v - channels(colour)[c]) ** 2, 0);
    let best = 0;
    for (let i = 1; i < palette.length; i++) if (distance(palette[i]) < distance(palette[best])) best = i;
    places.set(colour, best);
  }
  return { palette, places };
}

/** The checksum of a chunk; node:zlib has it from Node 20.15 on. */
function crc32(bytes) {
  let sum = -1;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** A picture as a PNG file with a palette. */
export function encode(picture) {
  const { width, height } = picture;
  const { palette, places } = paletteOf(picture);
  const lines = Buffer.alloc(height * (width + 1)); // each begins with its filter, 0 for none
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) lines[y * (width + 1) + 1 + x] = places.get(colourAt(picture, 4 * (y * width + x)));
  }
  const chunk = (type, content) => {
    const body = Buffer.concat([Buffer.from(type, "latin1"), content]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(content.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // 8 bits, by palette
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), chunk("IHDR", header), chunk("PLTE", Buffer.from(palette.flatMap(channels))),
    chunk("IDAT", deflateSync(lines, { level: 9 })), chunk("IEND", Buffer.alloc(0)),
  ]);
}

export const decode = (file) => PNG.sync.read(file);

const block = 16;
/** How far the mean of a block's red, green or blue may be from what it should be, of 255. */
const tolerance = 8;

/**
 * The corners, x and y, of the blocks whose mean colour differs. Means leave out how the edges of letters are smoothed; a
 * line in another colour and a text in another place do not get through.
 */
export function differences(picture, expected) {
  const columns = Math.ceil(expected.width / block);
  const rows = Math.ceil(Math.min(picture.height, expected.height) / block);
  const blocks = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const sums = [0, 0, 0];
      let pixels = 0;
      for (let y = row * block; y < Math.min((row + 1) * block, picture.height, expected.height); y++) {
        for (let x = column * block; x < Math.min((column + 1) * block, expected.width); x++, pixels++) {
          for (let c = 0; c < 3; c++) sums[c] += picture.data[4 * (y * picture.width + x) + c] - expected.data[4 * (y * expected.width + x) + c];
        }
      }
      if (sums.some((sum) => Math.abs(sum) > tolerance * pixels)) blocks.push([column * block, row * block]);
    }
  }
  return blocks;
}
