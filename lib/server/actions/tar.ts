import "server-only";

/** Header of one file in a tar archive (POSIX ustar): names of at most 100 bytes, sizes under 8 GiB. */
export function tarHeader(name: string, size: number, seconds: number): Buffer {
  const header = Buffer.alloc(512);
  const put = (text: string, at: number) => header.write(text, at, "latin1");
  put(name.slice(0, 99), 0);
  put("0000600\0", 100);
  put("0000000\0", 108);
  put("0000000\0", 116);
  put(`${size.toString(8).padStart(11, "0")}\0`, 124);
  put(`${Math.floor(seconds).toString(8).padStart(11, "0")}\0`, 136);
  put("        ", 148);
  put("0", 156);
  put("ustar\u000000", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return header;
}

/** What fills a file up to whole blocks of 512 bytes. */
export const tarPadding = (size: number): Buffer => Buffer.alloc((512 - (size % 512)) % 512);
export const tarEnd = Buffer.alloc(1024);
