// `npm run screenshots`: starts the demo and takes the README's pictures into public/screenshots.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ensureDebian, ensureNpm } from "./packages.mjs";

ensureNpm();
ensureDebian("tests");
const { chromium } = await import("playwright-core");
const folder = "public/screenshots";
const admin = { email: "demo@example.com", password: "demo-sluice-demo" };
mkdirSync(folder, { recursive: true });

const demo = spawn(process.execPath, ["lib/demo/start.mjs"], { stdio: ["ignore", "pipe", "inherit"] });
const ended = new Promise((resolve) => demo.once("exit", resolve));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--force-color-profile=srgb"],
});
try {
  const url = await address();
  // The judge has looked at every account and the pages have their history by then.
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  const desktop = { viewport: { width: 1280, height: 860 } };
  await picture(desktop, "light", "overview", async (page) => {
    await overview(page);
  });
  await picture(desktop, "dark", "overview-dark", async (page) => {
    await overview(page);
  });
  await picture(
    { viewport: { width: 390, height: 780 }, deviceScaleFactor: 2, isMobile: true },
    "light",
    "phone",
    account,
  );
  await picture(desktop, "light", "account", account);
  await picture(desktop, "light", "purge", async (page) => {
    await account(page);
    await page.getByRole("button", { name: "Purge", exact: true }).click();
    await page.getByText(/to confirm/).waitFor();
  });

  async function overview(page) {
    await page.getByRole("link", { name: "Look" }).first().waitFor();
    await page.getByRole("table", { name: "Accounts" }).waitFor();
  }
  async function account(page) {
    await page.getByRole("link", { name: "Look" }).first().click();
    await page.locator("canvas").first().waitFor();
  }
  async function picture(screen, colorScheme, name, go) {
    const context = await browser.newContext({ ...screen, colorScheme, reducedMotion: "reduce", baseURL: url });
    const page = await context.newPage();
    const answer = await page.request.post("/api/auth/sign-in/email", { data: admin, headers: { origin: url } });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
    await page.goto("/");
    await go(page);
    await page.waitForTimeout(1500);
    const png = await smaller(await page.screenshot());
    writeFileSync(join(folder, `${name}.png`), png);
    process.stdout.write(`${folder}/${name}.png ${Math.round(png.length / 1024)} KB\n`);
    await context.close();
  }
} finally {
  await browser.close();
  demo.kill("SIGINT");
  await ended;
}

/** The demo's address, from its block. */
function address() {
  return new Promise((resolve, reject) => {
    let text = "";
    demo.stdout.on("data", (bytes) => {
      text += bytes;
      const found = /Open +(http:\S+)/.exec(text);
      if (found && text.includes("└")) resolve(found[1]);
    });
    demo.once("exit", (code) => reject(new Error(`the demo ended with ${code}:\n${text}`)));
  });
}

/** 256 colours are enough for a page; sharp comes with Next where it has a build for the machine. */
async function smaller(png) {
  const sharp = await import("sharp").catch(() => null);
  return sharp ? sharp.default(png).png({ palette: true, quality: 90, effort: 10 }).toBuffer() : png;
}
