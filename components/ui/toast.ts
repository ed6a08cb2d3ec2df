import type { ReactNode } from "react";

type Options = { id?: string; duration?: number };
let wanted = false;
const listeners = new Set<() => void>();

export const toastsWanted = () => wanted;
export const onToasts = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

/** The library, when its place on the page stands: what is said to it before would be lost. */
async function notices() {
  const library = await import("sonner");
  if (!wanted) {
    wanted = true;
    for (const listener of listeners) listener();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return library.toast;
}

/** A short notice in the corner. */
export const toast = async (content: ReactNode, options?: Options) => (await notices())(content, options);
export const toastError = async (text: string) => (await notices()).error(text);
export const toastDone = async (text: string) => (await notices()).success(text);
