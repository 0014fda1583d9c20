// @ts-check
// Pictures from outside: pasted, dropped or chosen, cut to a square and put on the pad.

import { emit } from "./actions.js";
import { release } from "./picture.js";
import { t } from "./texts.js";

/**
 * @param {HTMLElement} page
 * @param {HTMLButtonElement} choose
 */
export function mountIntake(page, choose) {
  const file = document.createElement("input");
  file.type = "file";
  file.accept = "image/*";
  choose.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    take(file.files?.[0]);
    file.value = ""; // so that the same file can be chosen again
  });
  document.addEventListener("paste", (event) => take(imageIn(event.clipboardData)));
  page.addEventListener("dragover", (event) => {
    if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
    event.preventDefault();
    page.classList.add("is-dropping");
  });
  page.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) page.classList.remove("is-dropping");
  });
  page.addEventListener("drop", (event) => {
    page.classList.remove("is-dropping");
    if ((event.dataTransfer?.files.length ?? 0) === 0) return;
    event.preventDefault();
    take(event.dataTransfer?.files[0]);
  });

  /** @type {HTMLDialogElement | null} */
  let open = null;
  let newest = 0;

  /** @param {File | undefined} chosen */
  async function take(chosen) {
    if (!chosen) return;
    const mine = ++newest;
    emit(page, "complaint", "");
    const [bitmap, crop] = await Promise.all([
      decoded(chosen).catch(() => null),
      import("./insides/crop.js").catch(() => null),
    ]);
    if (mine !== newest || !crop) release(bitmap);
    if (mine !== newest) return;
    open?.close(); // one picture at a time: the newest
    open = null;
    if (bitmap && crop)
      open = crop.openCrop(bitmap, chosen.name, (picture) => emit(page, "picture", picture));
    else emit(page, "complaint", bitmap ? t("panels.lost") : t("intake.unreadable", { name: chosen.name }));
  }
}

/** @param {DataTransfer | null} data */
const imageIn = (data) => [...(data?.files ?? [])].find((file) => file.type.startsWith("image/"));

/**
 * A bitmap where the browser makes one, else an image: SVG has no bitmap, but browsers can paint it.
 *
 * @param {File} file
 * @returns {Promise<ImageBitmap | HTMLImageElement>}
 */
async function decoded(file) {
  try {
    return await createImageBitmap(file);
  } catch {
    const url = URL.createObjectURL(file);
    try {
      const image = new Image();
      image.src = url;
      await image.decode();
      return image;
    } finally {
      URL.revokeObjectURL(url);
    }
  }
}
