"use client";

import { later } from "./later";

/** The dialog, fetched when the first one opens: it is 20 KB that no page needs to be read. */
export const Dialog = later(() => import("./dialog-box").then((file) => file.DialogBox));
