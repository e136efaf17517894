/** The lists of gates of the page, those of the post's own province first. */
import { h, option } from "./dom.js";
import { border, provinceName } from "./register.js";

/** @type {string | undefined} */
let listedFor = "";

/** Fill them in, and keep what is chosen. */
export function list(/** @type {string | undefined} */ post) {
  if (post === listedFor) return;
  listedFor = post;
  const own = border.posts[post ?? ""]?.province;
  for (const select of /** @type {NodeListOf<HTMLSelectElement>} */ (document.querySelectorAll("select[name=gate]"))) {
    /** @type {Record<string, any[]>} */
    const byProvince = own ? { [own]: [] } : {};
    for (const [slug, gate] of Object.entries(border.gates)) (byProvince[gate.province] ??= []).push(option(slug, gate.label));
    const groups = Object.entries(byProvince).map(([province, gates]) => h("optgroup", { label: provinceName(province) }, ...gates));
    const before = select.value;
    select.replaceChildren(option("", "chọn cửa khẩu"), ...groups);
    select.value = before;
  }
}
