/** Chorus can be put on the home screen. */
import { expect, test } from "../test";

test("Chromium finds nothing that would stop Chorus from being installed", async ({ phone }) => {
  await phone.go("/");
  await phone.worksOffline();
  const devtools = await phone.context.newCDPSession(phone.page);
  const manifest = await devtools.send("Page.getAppManifest");
  expect(manifest.errors).toEqual([]);
  const { installabilityErrors } = await devtools.send("Page.getInstallabilityErrors");
  expect(installabilityErrors).toEqual([]);

  const parsed = JSON.parse(manifest.data ?? "{}");
  expect(parsed.shortcuts.map((shortcut: { url: string }) => shortcut.url)).toEqual(
    expect.arrayContaining(["/check-in", "/help-now"]),
  );
  expect(parsed.icons.some((icon: { purpose?: string }) => icon.purpose?.includes("maskable"))).toBe(true);
  const pictures = [...parsed.icons, ...parsed.screenshots] as { src: string }[];
  for (const { src } of pictures) {
    const answer = await phone.page.request.get(new URL(src, manifest.url).href);
    expect(answer.status(), src).toBe(200);
    expect(answer.headers()["content-type"], src).toMatch(/^image\//);
  }
});
