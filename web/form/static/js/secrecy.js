/**
 * Whether a text carries a state-secret marking: the markings of `schemas/secrecy.py` as people write them, so that such a text is not even kept here.
 * The centre knows disguises too, and refuses those.
 */
import { anyCase, source } from "./patterns.js";

const O = String.raw`\x20?`; // a blank that may be there
const NO_WORD = (/** @type {string} */ words) => `(?!${O}(?:${words})(?!\\w))`;

const MARKING = new RegExp(
  [
    source`${anyCase(`t${O}(?:ố${O}[il1]|u${O}y${O}ệ${O}t)${O}m${O}ậ${O}t`)}${NO_WORD(anyCase(`phục|tập(?!${O}(?:[0-9]|tin))|độ(?!${O}khẩn)`))}`,
    source`(?<!${anyCase(`(?:bí|bảo|giải|(?<!\\w)cơ|(?<!\\w)(?:ăn|thân|túi|sỏi|rỉ|lít)`)})${O})(?:M${O}Ậ${O}T|[Mm]Ậ[Tt]|[Mm]ậT)
      ${NO_WORD(anyCase(`phục|ong|gấu|mía|lợn|trăn|khẩu|độ(?!${O}khẩn)|thiết(?!${O}bị)|mã(?!${O}số)|danh(?!${O}sách)|ước`))}`,
    source`${anyCase(`độ${O}m${O}ậ${O}t`)}(?:${O}[:=\-]|\x20${anyCase("là")}(?!\w)|[^.;:=]{1,30}[:=])?${O}["'“]?${O}${anyCase(`m${O}ậ${O}t`)}(?!\w)
      ${NO_WORD(anyCase("phục|ong|độ|khẩu"))}`,
    source`${anyCase(`bí${O}mật${O}nh`)}\w{1,3}${O}[nN]\w{2,5}${O}${anyCase(`độ${O}mật`)}`,
    source`[\(\[【]${O}(?:${anyCase(`m${O}ậ${O}t`)}|MAT)${O}[\)\]】]`,
    source`["'“‘«<\{]${O}Mật${O}["'”’»>\}]`,
    source`^\W*Mật\W*$`,
    source`(?:(?<!\w)T${O}[O0]${O}[I1]|T${O}U${O}Y${O}E${O}T)${O}M${O}A${O}T(?![\p{L}\p{Nl}\p{No}_])${NO_WORD(`PHUC|TICH|DO(?!${O}KHAN)`)}`,
    source`(?<!\w)[DĐ]${O}O${O}M${O}A${O}T"?${O}(?:[:=\-]${O}|LA\x20)"?M${O}A${O}T(?!\w)`,
  ].join("|"),
  "u",
);

/** What is said to who writes such a text. */
export const SECRET =
  "Có dấu chỉ độ mật: nội dung bí mật nhà nước không được ghi, không được gửi ở đây. Bỏ nội dung ấy đi; nó không được giữ lại.";

export function isMarkedSecret(/** @type {string} */ text) {
  const bare = text.normalize("NFKC").replace(/[\u200b-\u200f\u2060\ufeff\u00ad]/g, "");
  const seen = bare
    .replace(/(?<=\p{L})[-./](?=\p{L})/gu, " ")
    .replace(/[_*\s]+/g, " ")
    .trim();
  return MARKING.test(seen);
}
