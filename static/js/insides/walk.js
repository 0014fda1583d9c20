// @ts-check
// Where the arrow keys lead in a table in which not every cell can be gone to. Pure.

/** @typedef {{ row: number, column: number }} Place */

const MOVES = {
  ArrowUp: { row: -1, column: 0 },
  ArrowDown: { row: 1, column: 0 },
  ArrowLeft: { row: 0, column: -1 },
  ArrowRight: { row: 0, column: 1 },
};

/**
 * The next cell in a key's direction that can be gone to; where there is none, the cell one is at.
 *
 * @param {readonly (readonly unknown[])[]} stops truthy where a cell can be gone to
 * @param {Place} from
 * @param {string} key
 * @returns {Place | null} null for any other key
 */
export function walked(stops, from, key) {
  const { row } = from;
  const own = stops[row] ?? [];
  if (key === "Home") return { row, column: own.findIndex(Boolean) };
  if (key === "End") return { row, column: own.findLastIndex(Boolean) };
  const move = /** @type {Record<string, Place>} */ (MOVES)[key];
  if (!move) return null;
  let place = from;
  do place = { row: place.row + move.row, column: place.column + move.column };
  while (isWithin(stops, place) && !stops[place.row]?.[place.column]);
  return isWithin(stops, place) ? place : from;
}

/**
 * @param {readonly (readonly unknown[])[]} stops
 * @param {Place} place
 */
const isWithin = (stops, { row, column }) => column >= 0 && column < (stops[row]?.length ?? 0);
