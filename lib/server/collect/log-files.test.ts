import { expect, test } from "vitest";
import { newestFirst } from "./log-files";
import type { ListedFile } from "./log-source";

const file = (path: string, mtime: number): ListedFile => ({
  path,
  inode: path,
  size: 1000,
  mtime,
  compression: path.endsWith(".bz2") ? "bz2" : "none",
  headBytes: 256,
  head: path,
  readable: true,
  current: path === "mail.log",
});
const order = (...files: ListedFile[]) => newestFirst(files).map(({ path }) => path);

test("rotations of one second go by their names, as a compressor may have kept the second only", () => {
  expect(order(file("mail.log.2", 37_117), file("mail.log.1.bz2", 37_000), file("mail.log", 37_000))).toEqual([
    "mail.log",
    "mail.log.1.bz2",
    "mail.log.2",
  ]);
  expect(order(file("mail.log-20261127", 37_900), file("mail.log-20261128.bz2", 37_000))).toEqual([
    "mail.log-20261128.bz2",
    "mail.log-20261127",
  ]);
});

test("otherwise the last change decides, and the file that is written is the newest", () => {
  expect(order(file("mail.log.1", 5000), file("mail.log.2", 9000), file("mail.log", 1000))).toEqual([
    "mail.log",
    "mail.log.2",
    "mail.log.1",
  ]);
  expect(order(file("mail.log.1", 37_100), file("mail.log-20261128", 37_200))).toEqual([
    "mail.log-20261128",
    "mail.log.1",
  ]);
});
