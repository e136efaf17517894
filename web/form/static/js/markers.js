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

const LAST_DAY = 31;
const LIKE_A_MARKER = 100;
const NO_PAIR = "“giữa” cần đúng hai mốc: giữa mốc … và mốc …";

/** A part of the text could be read wrongly; the message is the reason, in Vietnamese. */
class Unclear extends Error {}

/** What follows a number makes the number itself unclear. */
class Spoilt extends Unclear {}

/** The markers a text names, each once, in its order. What is unclear gets a `review` and hides no other. @returns {Parsed} */
export function parse(/** @type {string} */ text) {
  const [found, reasons] = read(words.plain(text));
  const items = once(found);
  return { items, canonical: items.map(canonical).join(", "), review: reasons.length ? [...new Set(reasons)].join("; ") : null };
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

/** @returns {[Item[], string[]]} */
function read(/** @type {string} */ text) {
  if (text === "") return [[], ["chưa ghi mốc"]];
  const line = words.OTHER_LINE.exec(text);
  if (line) return [[], [`“${line[0]}” không phải tuyến Việt Nam – Trung Quốc`]];
  const marks = [...text.matchAll(words.MARK)];
  const bare = words.matchAt(words.BARE, text, 0);
  if (bare) {
    const [items, reasons, end] = run(text, bare[0].length, bare.groups?.lead, true);
    if (marks.length === 0 && reasons.length) return [items, reasons];
    const rest = text.slice(end);
    if (!reasons.length && (rest.replace(/[ .,;]+/g, "") === "" || (isNoDate(items) && words.arePlaces(rest)))) return [items, []];
  }
  if (marks.length === 0) return [[], [/[0-9]/.test(text) ? "có số nhưng không có chữ mốc đứng trước" : "không có số mốc"]];
  return running(text, marks);
}

/** Whether numbers without a marker word can be nothing but markers where names of places follow: not `12/3`, not `2`. */
function isNoDate(/** @type {Item[]} */ items) {
  return items.every(({ from, to }) => to !== null || from.post !== null || from.offset_m !== null || from.main >= LIKE_A_MARKER);
}

/** The markers after each marker word, and why others are unclear. @returns {[Item[], string[]]} */
function running(/** @type {string} */ text, /** @type {RegExpMatchArray[]} */ marks) {
  /** @type {Item[]} */
  let all = [];
  /** @type {string[]} */
  const reasons = [];
  let village = "";
  let end = 0;
  let since = 0;
  for (const word of marks) {
    const start = /** @type {number} */ (word.index);
    const number = start + word[0].length;
    if (start < end) continue;
    const before = text.slice(Math.max(end, since), start);
    since = start;
    if (words.VILLAGE.test(before)) {
      since = number + (words.matchAt(words.POINT, text, number)?.[0].length ?? 0);
      village ||= word[0] + (words.matchAt(words.POINT, text, number)?.groups?.main ?? "").slice(0, 20);
      continue;
    }
    if (words.NOT_A_MARKER.test(before)) continue;
    if (words.DEADLINE.test(before) && words.matchAt(words.DAY_AND_MONTH, text, number)) continue;
    const dangling = words.DANGLING_BEFORE.exec(before);
    if (dangling && isMain(dangling[1])) reasons.push(`số ${dangling[1]} đứng trước chữ mốc: không rõ có phải mốc không`);
    const until = end !== 0 && words.UNTIL.test(before);
    if (end) reasons.push(...leftOut(text.slice(end, start)));
    let [items, unclear, after] = run(text, number, words.LEAD.exec(before)?.[1], false);
    if (until) {
      reasons.push("không rõ là một đoạn hay hai mốc: ghi “từ mốc … đến mốc …” liền nhau");
      [all, items] = [all.slice(0, -1), items.slice(1)];
    }
    all.push(...items);
    reasons.push(...unclear);
    end = after;
  }
  if (!end) reasons.push(village ? `${village} là tên bản, thôn, không phải số mốc` : "có số nhưng không có chữ mốc đứng trước");
  return [all, [...reasons, ...leftOut(text.slice(end))]];
}

/**
 * The list of marks and sections that starts `at`, why others of it are unclear, and where it ends. `alone`: there is no marker word before it.
 *
 * @returns {[Item[], string[], number]}
 */
function run(/** @type {string} */ text, /** @type {number} */ at, /** @type {string | undefined} */ lead, /** @type {boolean} */ alone) {
  /** @type {Item[]} */
  const items = [];
  const reasons = [];
  let isBetween = lead !== undefined && ["giữa", "giua"].includes(lead.toLowerCase());
  for (;;) {
    const [some, unclear, last, end] = element(text, at, isBetween);
    items.push(...some);
    reasons.push(...unclear);
    at = end;
    const drop = () => items.splice(items.length - some.length);
    const following = words.matchAt(words.AND, text, at);
    const next = at + (following?.[0].length ?? 0);
    const { word, between, sep = "" } = following?.groups ?? {};
    try {
      if (following && isBetween && !word && !between && !sep.includes(";")) throw new Spoilt(NO_PAIR);
      if (!following || !(word || between || isItem(text, next, last, alone))) {
        try {
          refuseBadEnding(text, at, last);
        } catch (error) {
          if (!unclear.length) reasons.push(reason(error));
          drop();
        }
        return [items, reasons, at];
      }
    } catch (error) {
      reasons.push(reason(error));
      if (error instanceof Spoilt) drop();
      return [items, reasons, next + (words.matchAt(words.POINT, text, next)?.[0].length ?? 0)];
    }
    [isBetween, at] = [Boolean(between), next];
  }
}

function reason(/** @type {unknown} */ error) {
  if (error instanceof Unclear) return error.message;
  throw error;
}

/**
 * One mark or section, or one `giữa … và …`: its items, or why it is none; its last number or -1; where it ends.
 *
 * @returns {[Item[], string[], number, number]}
 */
function element(/** @type {string} */ text, /** @type {number} */ at, /** @type {boolean} */ isBetween) {
  let [marks, end] = chain(text, at);
  const separator = words.matchAt(words.AND, text, end);
  if (isBetween && marks.length === 1 && separator && ["và", "va", "&"].includes(words.stripped(separator.groups?.sep ?? "").toLowerCase())) {
    const [second, after] = chain(text, end + separator[0].length);
    [marks, end] = [[...marks, ...second], after];
  } else if (isBetween && marks.length !== 2) return [[], [NO_PAIR], -1, end];
  try {
    const items = section(marks.map(point));
    const last = items[items.length - 1];
    const [more, unclear, after] = furtherPosts(text, end, last);
    return [[...items, ...more], unclear, (last.to ?? last.from).main, after];
  } catch (error) {
    return [[], [reason(error)], -1, end];
  }
}

/** The numbers that hyphens or "đến" join. @returns {[RegExpExecArray[], number]} */
function chain(/** @type {string} */ text, /** @type {number} */ at) {
  const marks = [];
  for (let match = words.matchAt(words.POINT, text, at); match; match = words.matchAt(words.POINT, text, at)) {
    marks.push(match);
    at += match[0].length;
    const to = words.matchAt(words.TO, text, at);
    if (!to) break;
    at += to[0].length;
  }
  return [marks, at];
}

/** @returns {Item[]} */
function section(/** @type {Point[]} */ marks) {
  const [first, second, third] = marks;
  if (marks.length === 1) return [{ from: first, to: null }];
  if (marks.length === 2) return [ascending(first, second)];
  if (marks.length === 3 && compare(position(third), position(first)) < 0) {
    // 803-804-677: two places far apart, as a newspaper prints them; nobody writes a section backwards after a forward one.
    return [ascending(first, second), { from: third, to: null }];
  }
  throw new Unclear("nhiều số nối bằng gạch ngang: không rõ đoạn nào, hãy tách bằng dấu phẩy");
}

/** @returns {Item} */
function ascending(/** @type {Point} */ from, /** @type {Point} */ to) {
  if (compare(position(from), position(to)) < 0) return { from, to };
  throw new Unclear(`đoạn mốc phải ghi từ số nhỏ đến số lớn, không phải ${named(from)} đến ${named(to)}`);
}

/** @returns {Point} */
function point(/** @type {RegExpExecArray} */ match) {
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
  return {
    main: Number(number),
    aux: aux === undefined ? null : Number(aux),
    post: post === undefined ? null : Number(post),
    offset_m: metres === undefined ? null : up === undefined ? 0 - Number(metres) : Number(metres),
  };
}

const noPost = (/** @type {string | number} */ place, /** @type {string} */ post) =>
  `cột ${place}(${post.slice(0, 20)}) không có: số trong ngoặc từ 1 đến ${MAX_POST}`;

/** `17(1),(2),(3)`: three posts of one marker. @returns {[Item[], string[], number]} */
function furtherPosts(/** @type {string} */ text, /** @type {number} */ at, /** @type {Item} */ last) {
  /** @type {Item[]} */
  const items = [];
  /** @type {string[]} */
  const reasons = [];
  if (last.to !== null || last.from.post === null || last.from.offset_m !== null) return [items, reasons, at];
  for (let post = words.matchAt(words.POST, text, at); post; post = words.matchAt(words.POST, text, at)) {
    if (isUpTo(post[1], MAX_POST)) {
      const place = { main: last.from.main, aux: last.from.aux, post: Number(post[1]), offset_m: null };
      items.push({ from: place, to: null });
    } else reasons.push(noPost(last.from.main, post[1]));
    at += post[0].length;
  }
  return [items, reasons, at];
}

/** Whether the number after a comma or "và" is a further marker, not a count, a time or a date. What may be either is unclear. */
function isItem(/** @type {string} */ text, /** @type {number} */ at, /** @type {number} */ before, /** @type {boolean} */ alone) {
  const match = words.matchAt(words.POINT, text, at);
  if (!match || words.matchAt(words.UNIT_GLUED, text, at) || words.matchAt(words.DATE, text, at)) return false;
  const number = match[1].slice(0, 20);
  const after = at + match[0].length;
  if (text[at - 1] === "," && number.length === 3 && before === 1) throw new Spoilt(`không rõ 1,${number} là một số hay hai mốc`);
  const rises = isMain(number) && Number(number) > before;
  const counted = words.matchAt(words.COUNTED, text, after) && !words.matchAt(words.DATED, text, after);
  if (counted && !words.matchAt(words.PLACE_UNITS, text, after)) {
    if (rises) throw new Unclear(`không rõ ${number} là mốc hay số lượng`);
    return false;
  }
  if (words.matchAt(words.DAY, text, after) || (!alone && !rises && match[2] && number.length <= 2)) {
    throw new (before <= LAST_DAY ? Spoilt : Unclear)(`không rõ ${match[0].slice(0, 20)} là mốc hay ngày tháng`);
  }
  if (words.matchAt(words.GOES_ON, text, after) || (rises && Number(number) >= LIKE_A_MARKER) || !isMain(number)) return true;
  throw new Unclear(`không rõ ${number} là mốc hay số lượng`);
}

/** Refuses what stands right after the last number and changes its meaning. */
function refuseBadEnding(/** @type {string} */ text, /** @type {number} */ at, /** @type {number} */ main) {
  const is = (/** @type {RegExp} */ pattern) => words.matchAt(pattern, text, at) !== null;
  if (!is(words.FINE_AFTER)) {
    throw new Unclear(`không hiểu phần sau số mốc: “${words.stripped([...text.slice(at)].slice(0, 20).join(""))}”`);
  }
  if (is(words.UNDECIDED)) throw new Unclear("ghi hai khả năng: cần một mốc rõ ràng");
  if (is(words.COUNTED) && !is(words.PLACE_UNITS) && !(is(words.DATED) && !(main <= LAST_DAY && is(words.DAY)))) {
    throw new Unclear("số sau chữ mốc có thể là số lượng, không phải số mốc");
  }
}

/** Why numbers in list position among skipped words are unclear: each may be a marker that nobody would miss. @returns {string[]} */
function leftOut(/** @type {string} */ gap) {
  const reasons = [];
  for (const listed of gap.matchAll(words.LISTED)) {
    const at = /** @type {number} */ (listed.index) + listed[0].length;
    if (!isMain(listed[1]) || words.matchAt(words.UNIT_GLUED, gap, at) || words.matchAt(words.DATE, gap, at)) continue;
    const match = words.matchAt(words.POINT, gap, at);
    const after = match ? at + match[0].length : at;
    if (match && words.matchAt(words.COUNTED, gap, after) && !words.matchAt(words.PLACE_UNITS, gap, after)) continue;
    reasons.push(`không rõ ${listed[1]} có phải mốc không`);
  }
  return reasons;
}
