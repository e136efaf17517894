/**
 * Reads markers as people write them, as `border.markers.parse` does and in the same words: a test reads the same texts with both.
 *
 * @typedef {{main: number, aux: number | null, post: number | null, offset_m: number | null}} Point
 * @typedef {{from: Point, to: Point | null}} Item
 * @typedef {{items: Item[], canonical: string, review: string | null}} Parsed
 */
import * as words from "./marker-words.js";

const LAST_MAIN = 1378;
const MAX_AUX = 30;
const MAX_POST = 3;
const MAX_OFFSET_DIGITS = 4;

/** The text could be read wrongly; the message is the reason, in Vietnamese. */
class Unclear extends Error {}

/** The markers a text names, each once, in its order. An unclear text has a `review` and no items. @returns {Parsed} */
export function parse(/** @type {string} */ text) {
  try {
    const items = read(words.plain(text));
    return { items, canonical: items.map(canonical).join(", "), review: null };
  } catch (error) {
    if (!(error instanceof Unclear)) throw error;
    return { items: [], canonical: "", review: error.message };
  }
}

/** As `parse` reads it back. */
export function canonical(/** @type {Item} */ item) {
  return item.to === null ? named(item.from) : `${named(item.from)}-${named(item.to)}`;
}

/** Both ends of a place on the line, each as main number, auxiliary number or 0, and metres or 0. */
export function span(/** @type {Item} */ item) {
  return [position(item.from), position(item.to ?? item.from)];
}

/** Below 0, 0 or above 0: the first lies west of the second, at it, or east of it. */
export function compare(/** @type {number[]} */ a, /** @type {number[]} */ b) {
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2];
}

const position = (/** @type {Point} */ point) => [point.main, point.aux ?? 0, point.offset_m ?? 0];

function named(/** @type {Point} */ { main, aux, post, offset_m }) {
  const metres = offset_m === null ? "" : `${offset_m < 0 ? "" : "+"}${offset_m}m`;
  return `${main}${aux === null ? "" : `/${aux}`}${post === null ? "" : `(${post})`}${metres}`;
}

const isMain = (/** @type {string} */ number) => /^(0|[1-9][0-9]{0,3})$/.test(number) && Number(number) <= LAST_MAIN;
const isUpTo = (/** @type {string} */ number, /** @type {number} */ limit) => /^[1-9][0-9]?$/.test(number) && Number(number) <= limit;
const once = (/** @type {Item[]} */ items) => [...new Map(items.map((item) => [canonical(item), item])).values()];

function read(/** @type {string} */ text) {
  if (text === "") throw new Unclear("chưa ghi mốc");
  const marks = [...text.matchAll(words.MARK)];
  const bare = words.matchAt(words.BARE, text, 0);
  if (bare) {
    try {
      const [items, end] = run(text, bare[0].length, bare.groups?.lead, true);
      if (text.slice(end).replace(/[ .,;]+/g, "") === "") return once(items);
    } catch (error) {
      if (marks.length === 0) throw error;
    }
  }
  if (marks.length === 0) throw new Unclear(/[0-9]/.test(text) ? "có số nhưng không có chữ mốc đứng trước" : "không có số mốc");
  return once(running(text, marks));
}

/** The markers after each marker word. A gap that may hold another marker makes the text unclear. */
function running(/** @type {string} */ text, /** @type {RegExpMatchArray[]} */ marks) {
  /** @type {Item[]} */
  const all = [];
  let end = 0;
  let since = 0;
  for (const word of marks) {
    const start = /** @type {number} */ (word.index);
    if (start < end) continue;
    const before = text.slice(Math.max(end, since), start);
    since = start;
    if (words.NOT_A_MARKER.test(before)) continue;
    const dangling = words.DANGLING_BEFORE.exec(before);
    if (dangling && isMain(dangling[1])) throw new Unclear(`số ${dangling[1]} đứng trước chữ mốc: không rõ có phải mốc không`);
    if (end) {
      refuseLeftOut(text.slice(end, start));
      if (words.UNTIL.test(before)) throw new Unclear("không rõ là một đoạn hay hai mốc: ghi “từ mốc … đến mốc …” liền nhau");
    }
    const [items, after] = run(text, start + word[0].length, words.LEAD.exec(before)?.[1], false);
    all.push(...items);
    end = after;
  }
  if (!end) throw new Unclear("có số nhưng không có chữ mốc đứng trước");
  refuseLeftOut(text.slice(end));
  return all;
}

/** The list of marks and sections that starts `at`, and where it ends. `alone`: there is no marker word before it. @returns {[Item[], number]} */
function run(/** @type {string} */ text, /** @type {number} */ at, /** @type {string | undefined} */ lead, /** @type {boolean} */ alone) {
  /** @type {Item[]} */
  const items = [];
  const separators = [];
  for (;;) {
    const [some, end] = section(text, at);
    items.push(...some);
    at = furtherPosts(text, end, items);
    const following = words.matchAt(words.AND, text, at);
    if (!following) break;
    const next = at + following[0].length;
    if (!following.groups?.word && !isItem(text, next, items[items.length - 1], alone)) break;
    separators.push(words.stripped(following.groups?.sep ?? "").toLowerCase());
    at = next;
  }
  refuseBadEnding(text, at, items[items.length - 1].from.main);
  if (lead !== undefined && ["giữa", "giua"].includes(lead.toLowerCase())) return [[between(items, separators)], at];
  return [items, at];
}

/** @returns {[Item[], number]} */
function section(/** @type {string} */ text, /** @type {number} */ at) {
  let [point, end] = readPoint(text, at);
  const chain = [point];
  for (let to = words.matchAt(words.TO, text, end); to; to = words.matchAt(words.TO, text, end)) {
    [point, end] = readPoint(text, end + to[0].length);
    chain.push(point);
  }
  const [first, second, third] = chain;
  if (chain.length === 1) return [[{ from: first, to: null }], end];
  if (chain.length === 2) return [[ascending(first, second)], end];
  if (chain.length === 3 && compare(position(third), position(first)) < 0) {
    // 803-804-677: two places far apart, as a newspaper prints them; nobody writes a section backwards after a forward one.
    return [[ascending(first, second), { from: third, to: null }], end];
  }
  throw new Unclear("nhiều số nối bằng gạch ngang: không rõ đoạn nào, hãy tách bằng dấu phẩy");
}

/** @returns {Item} */
function ascending(/** @type {Point} */ from, /** @type {Point} */ to) {
  if (compare(position(from), position(to)) < 0) return { from, to };
  throw new Unclear(`đoạn mốc phải ghi từ số nhỏ đến số lớn, không phải ${named(from)} đến ${named(to)}`);
}

/** @returns {Item} */
function between(/** @type {Item[]} */ items, /** @type {string[]} */ separators) {
  if (items.length === 1 && items[0].to !== null) return items[0];
  const pair = items.length === 2 && items.every((item) => item.to === null) && separators.length === 1;
  if (pair && ["và", "va", "&"].includes(separators[0])) return ascending(items[0].from, items[1].from);
  throw new Unclear("“giữa” cần đúng hai mốc: giữa mốc … và mốc …");
}

/** @returns {[Point, number]} */
function readPoint(/** @type {string} */ text, /** @type {number} */ at) {
  const match = words.matchAt(words.POINT, text, at);
  if (!match) throw new Unclear("thiếu số mốc");
  const { main, aux, post, up, down } = /** @type {Record<string, string | undefined>} */ (match.groups);
  const number = /** @type {string} */ (main);
  if (!isMain(number)) {
    throw new Unclear(`số mốc ${number.slice(0, 20)} không có: tuyến Việt Nam – Trung Quốc từ 0 đến ${LAST_MAIN}, không viết số 0 ở đầu`);
  }
  if (aux !== undefined && !isUpTo(aux, MAX_AUX)) {
    throw new Unclear(`mốc phụ ${number}/${aux.slice(0, 20)} không có: số sau gạch chéo từ 1 đến ${MAX_AUX}`);
  }
  if (post !== undefined && !isUpTo(post, MAX_POST)) throw new Unclear(noPost(number, post));
  const metres = up ?? down;
  if (metres !== undefined && metres.length > MAX_OFFSET_DIGITS) {
    throw new Unclear(`khoảng cách ${metres.slice(0, 20)} m tính từ mốc ${number} quá lớn`);
  }
  const point = {
    main: Number(number),
    aux: aux === undefined ? null : Number(aux),
    post: post === undefined ? null : Number(post),
    offset_m: metres === undefined ? null : up === undefined ? 0 - Number(metres) : Number(metres),
  };
  return [point, at + match[0].length];
}

const noPost = (/** @type {string | number} */ place, /** @type {string} */ post) =>
  `cột ${place}(${post.slice(0, 20)}) không có: số trong ngoặc từ 1 đến ${MAX_POST}`;

/** `17(1),(2),(3)`: three posts of one marker. Adds them to the items, and returns where they end. */
function furtherPosts(/** @type {string} */ text, /** @type {number} */ at, /** @type {Item[]} */ items) {
  const last = items[items.length - 1];
  if (last.to !== null || last.from.post === null || last.from.offset_m !== null) return at;
  for (let post = words.matchAt(words.POST, text, at); post; post = words.matchAt(words.POST, text, at)) {
    if (!isUpTo(post[1], MAX_POST)) throw new Unclear(noPost(last.from.main, post[1]));
    items.push({ from: { ...last.from, post: Number(post[1]) }, to: null });
    at += post[0].length;
  }
  return at;
}

/** Whether the number after a comma or "và" is a further marker, not a count, a time or a date. What may be either is unclear. */
function isItem(/** @type {string} */ text, /** @type {number} */ at, /** @type {Item} */ last, /** @type {boolean} */ alone) {
  const match = words.matchAt(words.POINT, text, at);
  if (!match || words.matchAt(words.UNIT_GLUED, text, at) || words.matchAt(words.DATE, text, at)) return false;
  const number = match[1].slice(0, 20);
  const after = at + match[0].length;
  const before = (last.to ?? last.from).main;
  if (text[at - 1] === "," && number.length === 3 && before === 1) throw new Unclear(`không rõ 1,${number} là một số hay hai mốc`);
  const rises = isMain(number) && Number(number) > before;
  const counted = words.matchAt(words.COUNTED, text, after) && !words.matchAt(words.DATED, text, after);
  if (counted && !words.matchAt(words.PLACE_UNITS, text, after)) {
    if (rises) throw new Unclear(`không rõ ${number} là mốc hay số lượng`);
    return false;
  }
  if (words.matchAt(words.DAY, text, after) || (!alone && !rises && match[2] && number.length <= 2)) {
    throw new Unclear(`không rõ ${match[0].slice(0, 20)} là mốc hay ngày tháng`);
  }
  if (words.matchAt(words.GOES_ON, text, after) || (rises && Number(number) >= 100)) return true;
  throw new Unclear(`không rõ ${number} là mốc hay số lượng`);
}

/** Refuses what stands right after the last number and changes its meaning. */
function refuseBadEnding(/** @type {string} */ text, /** @type {number} */ at, /** @type {number} */ main) {
  const is = (/** @type {RegExp} */ pattern) => words.matchAt(pattern, text, at) !== null;
  if (!is(words.FINE_AFTER)) {
    throw new Unclear(`không hiểu phần sau số mốc: “${words.stripped([...text.slice(at)].slice(0, 20).join(""))}”`);
  }
  if (is(words.UNDECIDED)) throw new Unclear("ghi hai khả năng: cần một mốc rõ ràng");
  if (is(words.COUNTED) && !is(words.PLACE_UNITS) && !(is(words.DATED) && !(main <= 31 && is(words.DAY)))) {
    throw new Unclear("số sau chữ mốc có thể là số lượng, không phải số mốc");
  }
}

/** Refuses a number in list position among skipped words: it may be a marker that nobody would miss. */
function refuseLeftOut(/** @type {string} */ gap) {
  for (const listed of gap.matchAll(words.LISTED)) {
    const at = /** @type {number} */ (listed.index) + listed[0].length;
    if (!isMain(listed[1]) || words.matchAt(words.UNIT_GLUED, gap, at) || words.matchAt(words.DATE, gap, at)) continue;
    const match = words.matchAt(words.POINT, gap, at);
    const after = match ? at + match[0].length : at;
    if (match && words.matchAt(words.COUNTED, gap, after) && !words.matchAt(words.PLACE_UNITS, gap, after)) continue;
    throw new Unclear(`không rõ ${listed[1]} có phải mốc không`);
  }
}
