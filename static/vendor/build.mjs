/*
 * Builds everything in this folder from three npm packages; run by hand when a package is renewed, never by the product:
 *   in an empty folder outside the checkout: npm init -y
 *   npm install @kern-ux/native@2.7 @fontsource/fira-sans@5 @fontsource/noto-sans-arabic@5 postcss@8 lightningcss@1
 *   cp <checkout>/static/vendor/build.mjs . && node build.mjs <checkout>/static/vendor
 * KERN's stylesheet is reduced to the components we use, its left/right properties become start/end,
 * so that one file serves both writing directions, and paper is always printed in the light colours.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postcss from "postcss";
import { transform } from "lightningcss";

const target = process.argv[2];
const packages = "node_modules";
const manifest = [];

const KEPT = ["accordion", "alert", "badge", "body", "btn", "description-list", "divider", "error", "fieldset", "form-check",
  "form-input", "heading", "hint", "input-group", "label", "link", "list", "progress", "sr-only", "table", "title"];
const FAMILIES = /\.kern-([a-z0-9]+(?:-[a-z0-9]+)*)/g;

const isKept = (family) => KEPT.some((name) => family === name || family.startsWith(`${name}-`));

/* A selector stays when every KERN class in it belongs to a kept component; icons are drawn by our own pictograms. */
function staysInFile(selector) {
  if (selector.includes("data-kern-theme") && !selector.startsWith(":is(body")) return false;
  if (selector.startsWith(":is(body")) return true;
  return [...selector.matchAll(FAMILIES)].every(([, family]) => isKept(family.split("__")[0]));
}

const LOGICAL = {
  left: "inset-inline-start", right: "inset-inline-end",
  "margin-left": "margin-inline-start", "margin-right": "margin-inline-end",
  "padding-left": "padding-inline-start", "padding-right": "padding-inline-end",
  "border-left": "border-inline-start", "border-right": "border-inline-end",
  "border-top-left-radius": "border-start-start-radius", "border-top-right-radius": "border-start-end-radius",
  "border-bottom-left-radius": "border-end-start-radius", "border-bottom-right-radius": "border-end-end-radius",
};
const LOGICAL_VALUES = { left: "inline-start", right: "inline-end" };

function makeLogical(declaration) {
  if (declaration.prop in LOGICAL) declaration.prop = LOGICAL[declaration.prop];
  if (["float", "clear"].includes(declaration.prop)) declaration.value = LOGICAL_VALUES[declaration.value] ?? declaration.value;
  if (declaration.prop === "text-align") declaration.value = declaration.value.replace("left", "start").replace("right", "end");
  if (["padding", "margin"].includes(declaration.prop)) {
    const sides = postcss.list.space(declaration.value);
    if (sides.length === 4 && sides[1] !== sides[3]) {
      declaration.cloneBefore({ prop: `${declaration.prop}-block`, value: `${sides[0]} ${sides[2]}` });
      declaration.cloneBefore({ prop: `${declaration.prop}-inline`, value: `${sides[3]} ${sides[1]}` });
      declaration.remove();
    }
  }
}

function record(file, packageName, source, changes) {
  const { version, license } = JSON.parse(readFileSync(join(packages, packageName, "package.json"), "utf8"));
  const sha256 = createHash("sha256").update(readFileSync(join(target, file))).digest("hex");
  manifest.push({ file, package: packageName, version, licence: license, source, ...(changes && { changes }), sha256 });
}

function writeKern() {
  const name = "@kern-ux/native";
  const root = postcss.parse(readFileSync(join(packages, name, "dist/kern.css"), "utf8"));
  root.walkComments((comment) => comment.remove());
  root.walkAtRules("charset", (rule) => rule.remove());
  root.walkRules((rule) => {
    const stays = rule.selectors.filter(staysInFile);
    if (stays.length === 0) rule.remove();
    else rule.selectors = stays;
  });
  root.walkDecls(makeLogical);
  root.walkAtRules("media", (rule) => {
    if (rule.params === "(prefers-color-scheme: dark)") rule.params = "screen and (prefers-color-scheme: dark)";
    if (rule.params === "(prefers-color-scheme: light)") rule.params = "print, (prefers-color-scheme: light)";
  });
  root.walkAtRules((rule) => { if (rule.nodes?.length === 0) rule.remove(); });
  const { code } = transform({ filename: "kern.css", code: Buffer.from(root.toString()), minify: true });
  const { version } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
  const banner = `/* KERN Design System ${version}, EUPL-1.2, https://www.kern-ux.de; changed: reduced to the components in use, ` +
    "made independent of writing direction, always light on paper, minified (see ../build.mjs) */\n";
  mkdirSync(join(target, "kern"), { recursive: true });
  writeFileSync(join(target, "kern/kern.css"), banner + code.toString() + "\n");
  copyFileSync(join(packages, name, "LICENSE.md"), join(target, "kern/LICENSE.md"));
  record("kern/kern.css", name, "dist/kern.css", "reduced to the components in use, logical properties, light colours in print, minified");
  record("kern/LICENSE.md", name, "LICENSE.md");
}

function writeFonts(name, subsets, weights, licenceFile) {
  const short = name.split("/")[1];
  mkdirSync(join(target, "fonts"), { recursive: true });
  for (const subset of subsets) for (const weight of weights) {
    const file = `${short}-${subset}-${weight}-normal.woff2`;
    copyFileSync(join(packages, name, "files", file), join(target, "fonts", file));
    record(`fonts/${file}`, name, `files/${file}`);
  }
  copyFileSync(join(packages, name, "LICENSE"), join(target, "fonts", licenceFile));
  record(`fonts/${licenceFile}`, name, "LICENSE");
}

writeKern();
writeFonts("@fontsource/fira-sans", ["latin", "latin-ext", "cyrillic", "cyrillic-ext"], [400, 600], "fira-sans-LICENSE.txt");
writeFonts("@fontsource/noto-sans-arabic", ["arabic"], [400, 600], "noto-sans-arabic-LICENSE.txt");
writeFileSync(join(target, "MANIFEST.json"), JSON.stringify(manifest, null, 2) + "\n");
