// Unpacks the Chromium that @sparticuz/chromium carries into the folder given, with the libraries that a bare system lacks.
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const target = process.argv[2];
// the package unpacks into the folder for temporary files, and its libraries only where it is told of such a system
process.env.TMPDIR = mkdtempSync(join(tmpdir(), "chromium-"));
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
const unpacked = await chromium.executablePath();
mkdirSync(target, { recursive: true });
for (const [from, to] of [[unpacked, "chromium"], [join(process.env.TMPDIR, "al2023", "lib"), "lib"]]) {
  if (existsSync(from)) cpSync(from, join(target, to), { recursive: true, dereference: true });
}
for (const name of ["libEGL.so", "libGLESv2.so", "libvk_swiftshader.so", "libvulkan.so.1", "vk_swiftshader_icd.json"]) {
  const file = join(process.env.TMPDIR, name);
  if (existsSync(file)) cpSync(file, join(target, name));
}
rmSync(process.env.TMPDIR, { recursive: true });
