/**
 * Patterns of the words and signs around marker numbers, over `plain` text: those of `border/marker_words.py`, in JavaScript.
 */
import { anyCase, BLANKS, LETTERS, source } from "./patterns.js";

const anywhere = (/** @type {string} */ pattern) => new RegExp(pattern, "iu");
const here = (/** @type {string} */ pattern) => new RegExp(pattern, "iuy");

const WORD = source`(?:(?:${anyCase(String.raw`(?:cột\s+)?m`)}[ốỐoO][cC]
  (?:\s+(?:${anyCase(String.raw`quốc\s+giới|biên\s+giới|chủ\s+quyền|quốc\s+gia|giới|chính|phụ|đơn|đôi|ba|đại|trung|nhỏ|lớn`)}))*
  (?:${anyCase(String.raw`\s+số(?:\s+hiệu)?`)})?)|MG|M)\s*[.:]?\s*(?=[0-9])`;
const AGAIN = source`(?:${anyCase(String.raw`(?:các\s+|khu\s+vực\s+|đoạn\s+|hết\s+|vị\s+trí\s+|từ\s+)*`)})
  (?<between>(?:${anyCase("giữa|giua")})\s+(?:(?:${anyCase("các|hai")})\s+)?)?(?<word>${WORD}|[mM](?=[0-9]))?(?=[0-9])`;
const ASIDE = source`(?:\s*\((?!\s*[0-9])[^()0-9]*\))?`;
const METRES = source`\s*(?:mét|met|m)(?!\w)`;

export const MARK = new RegExp(source`(?<!\w)${WORD}`, "gu");
export const BARE = here(source`(?:(?<lead>từ|giữa|tu|giua)\s+)?(?:mg?\s*[.:]?\s*)?(?=[0-9])`);
export const POINT = here(source`(?<main>[0-9]+)(?:\s*/\s*(?<aux>[0-9]+))?(?:\s*\(\s*(?<post>[0-9]+)\s*\))?
  (?:\s*\+\s*(?<up>[0-9]+)(?:${METRES})?|\s*-\s*(?<down>[0-9]+)${METRES})?`);
// These two tell M from m, so they spell out the capitals of their own words.
export const TO = new RegExp(
  source`${ASIDE}\s*(?:-+|(?:${anyCase("đến|tới|den|toi")})\s(?!\s*[0-9]+\s*(?:[hH]|${anyCase("giờ|phút")})))\s*(?:[sS][ốỐoO]\s+)?${AGAIN}`,
  "uy",
);
export const AND = new RegExp(source`${ASIDE}\s*(?<sep>[,;&]\s*(?:${anyCase("và")}\s)?|(?:${anyCase("và|va")})\s)\s*${AGAIN}`, "uy");
export const POST = here(source`\s*(?:[,;]|và\s)?\s*\(\s*([0-9]+)\s*\)`);

export const LEAD = anywhere(source`(?<!\w)(từ|giữa)\s+(?:(?:khu\s+vực|đoạn|các|hai|2|những|vị\s+trí)\s+)*$`);
export const NOT_A_MARKER = anywhere(source`(?<!\w)(?:súng|khẩu|đạn|mìn|lựu\s+đạn|cối|pháo|xe|máy|thép|loại|kiểu|tông|mác|bt|vữa|măng
  |tổng(?:\s+số)?(?:\s+cột)?|đạt|cán|chạm|(?:trú|ngụ|quê(?:\s+quán)?)(?:\s+(?:tại|ở))?)\s+$`);
/** Before the name of a village: `bản Mốc 13`. */
export const VILLAGE =
  anywhere(source`(?<!\w)(?<!biên\s)(?<!văn\s)(?<!kịch\s)(?:b[aả]n|th[oô]n|x[oó]m|l[aà]ng|[aấ]p|bu[oô]n|khu(?:\s+ph[oố]|\s+dân\s+cư)?|đội|tổ|(?:t[oổ]\s+d[aâ]n\s+)?ph[oố])\s+$`);
export const DEADLINE = anywhere(source`(?<!\w)(?:trước|sau|hạn|hạn\s+chót|kể\s+từ|tính\s+(?:từ|đến)|chậm\s+nhất(?:\s+là)?)\s+$`);
export const DAY_AND_MONTH = here(source`(?:0?[1-9]|[12][0-9]|3[01])\s*/\s*(?:0?[1-9]|1[0-2])(?![0-9])`);
export const OTHER_LINE = anywhere(source`(?<!\w)(?:việt(?:\s+nam)?\s*-\s*(?:lào|cam-?pu-?chia)(?!\s*-\s*(?:trung|việt))
  |biên\s+giới\s+(?:(?:với|giáp|nước\s+bạn|nước)\s+)*(?:lào|cam-?pu-?chia)(?!\s*-\s*(?:trung|việt)))(?!\w)`);
export const DANGLING_BEFORE =
  anywhere(source`(?<!tháng\s)(?<!(?:ngày|thôn)\s)(?<!(?:năm|lúc|xóm|bản|khu)\s)(?<!(?:số|km)\s)(?<![${LETTERS}/.,])
  ([0-9]+)(?:\s*/\s*[0-9]+)?(?:\s*\([0-9]\))?\s*(?:[,;-]|(?:và|đến|tới|hoặc|hay)\s)\s*(?:(?:khu\s+vực|đoạn|các)\s+)*$`);
export const UNTIL = anywhere(source`(?<!\w)(?:đến|tới)\s+(?:(?:hết|khu\s+vực|vị\s+trí)\s+)*$`);
export const LISTED = new RegExp(source`(?:[,;&]|(?<!\w)(?:và|hoặc|hay))\s*(?=([0-9]+))`, "giu");
export const DATE = here(source`[0-9]{1,2}\s*(?:([/.])\s*[0-9]{1,2}\s*\1\s*[0-9]{2,4}|-\s*[0-9]{1,2}\s*-\s*[0-9]{4})(?!\s*m|[0-9/])`);
export const UNIT_GLUED = here(source`[0-9]+(?:h[0-9]*|g|kg|m|km|cm|ha|%)(?!\w)`);
export const DAY = here(source`\s*tháng\s+[0-9]`);
export const DATED = here(source`\s*(?:ngày|năm|tháng)\s+[0-9]`);
export const COUNTED =
  here(source`\s*(?:%|(?:người|vụ|lượt|đối\s+tượng|công\s+dân|công\s+nhân|phụ\s+nữ|nam|nữ|trẻ|cháu|em|tq|vn|trung\s+quốc
  |việt\s+nam|trường\s+hợp|hộ|gia\s+đình|xe|ô\s+tô|mô\s+tô|phương\s+tiện|tàu|thuyền|xuồng|mảng|bè|con|trâu|bò|lợn|gà|kg|g|gam|gram|tấn|tạ|yến|lít|l|m
  |m2|m3|km|cm|mét|ha|bao|bánh|kiện|thùng|gói|viên|khẩu|quả|chiếc|cái|lần|đoàn|cuộc|buổi|năm|tháng|ngày|giờ|phút|tuần|h|triệu|tỷ|tỉ|nghìn|ngàn|đồng|usd
  |cán\s+bộ|chiến\s+sĩ|đồng\s+chí|bên|mốc|cột|điểm|hạng\s+mục|nước|tỉnh|huyện|xã|đồn|tổ|nhóm|cây|ngôi|căn)(?!\w))`);
export const PLACE_UNITS = here(source`\s*(?:việt\s+nam|trung\s+quốc|tỉnh|huyện|xã|đồn|tổ|nhóm)(?!\w)`);
export const GOES_ON =
  here(source`\s*(?:$|[^${LETTERS}${BLANKS}]|(?:thuộc|tại|ở|trên|trong|của|do|là|đã|đang|bị|được|về|theo|từ|đến|tới|cách|gần|phía|bên
  |phát|bàn|giáp|khu|xã|phường|thị|huyện|tỉnh|thôn|xóm|bản|làng|đoạn|hướng|có|không|và|với|để|nơi|qua|vào|ra|lúc|hồi|khoảng|ngày|năm|hôm|sáng|chiều|tối
  |đêm|rạng|lực|đồn|xảy|thì)(?!\w))`);
export const FINE_AFTER =
  here(source`$|[.,:;!](?![0-9])|[)\]\}"'”’»…]|\s*-+(?!\s*[0-9])|\s+(?=[\p{L}\p{Nl}\p{No}])|\s+[.,:;!](?![0-9])|\s*[,;]\s|\s+["“‘«]
  |\s*[\[\(](?!\s*[0-9]+\s*(?:[\-,;\)+]|/|và))|\s+0[1-9]\s(?=\p{L}{2})`);
const PLACES = new RegExp(source`^\s*[,;\(\-][\p{L}${BLANKS},;.\(\)'\-]*$`, "u");
const PLACE_WORDS = new RegExp(
  source`(?<!\w)(?:thuộc|tại|ở|địa\s+bàn|khu\s+vực|xã|phường|thị\s+(?:trấn|xã)|huyện|tỉnh|thôn|xóm|bản|làng|cửa\s+khẩu)(?!\w)`,
  "giu",
);
export const UNDECIDED = here(source`\s*(?:hoặc|hay)\s|\s*\?`);

const OUTER_BLANKS = new RegExp(`^[${BLANKS}]+|[${BLANKS}]+$`, "gu");

/** Without the blanks around it, those of Python's `strip`. */
export const stripped = (/** @type {string} */ text) => text.replace(OUTER_BLANKS, "");

/** NFC, with every dash a hyphen, full-width signs narrow, unseen characters gone, nothing around it. */
export function plain(/** @type {string} */ text) {
  return stripped(
    text
      .normalize("NFC")
      .replace(/[\u200b-\u200f\u2060\ufeff]/g, "")
      .replace(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
      .replace(/[‐‑‒–—―⁃−─﹘﹣→⟶➔]/g, "-")
      .replace(/[⁄∕]/g, "/")
      .replaceAll("、", ",")
      .replace(/[ÐƉ]/g, "Đ")
      .replaceAll("ð", "đ"),
  );
}

/** What a pattern of `here` matches at a place of a text, or null. */
export function matchAt(/** @type {RegExp} */ pattern, /** @type {string} */ text, /** @type {number} */ at) {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** Whether a text after a marker is names of places to its end: `, Lục Phủ, xã Bắc Sơn`, `(Trà Lĩnh)`. */
export function arePlaces(/** @type {string} */ text) {
  return PLACES.test(text) && [...text.replace(PLACE_WORDS, "").matchAll(/\p{L}+/gu)].every(([word]) => /^\p{Lu}/u.test(word));
}
