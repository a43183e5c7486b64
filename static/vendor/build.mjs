/*
 * Builds everything in this folder from three npm packages; run by hand when a package is renewed, never by the product:
 *   in an empty folder outside the checkout: npm init -y
 *   npm install @kern-ux/native@2.7 @fontsource/fira-sans@5 @fontsource/noto-sans-arabic@5 postcss@8 lightningcss@1 rtlcss@4 subset-font@2
 *   cp <checkout>/static/vendor/build.mjs . && node build.mjs <checkout>/static/vendor
 * KERN's stylesheet is reduced to the components and variables we use, its left/right properties become start/end,
 * so that one file serves both writing directions (rtlcss must find nothing left to mirror), and paper is always
 * printed in the light colours. The extended Latin letters come in two files: those of Europe's languages, and the rest.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import postcss from "postcss";
import rtlcss from "rtlcss";
import subsetFont from "subset-font";
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

/* Names of the variables that our own styles take from KERN. */
function ownUses() {
  const files = readdirSync(join(target, ".."), { recursive: true }).filter((name) => /\.(css|js)$/.test(name) && !name.startsWith("vendor"));
  return files.flatMap((name) => uses(readFileSync(join(target, "..", name), "utf8")));
}

const uses = (text) => [...text.matchAll(/var\(\s*(--[\w-]+)/g)].map(([, name]) => name);

/* Removes variables that nothing reads, and then those that only they read. */
function dropUnread(root) {
  const own = ownUses();
  for (let dropped = 1; dropped > 0;) {
    const read = new Set(own);
    root.walkDecls((declaration) => uses(declaration.value).forEach((name) => read.add(name)));
    dropped = 0;
    root.walkDecls(/^--kern-/, (declaration) => {
      if (!read.has(declaration.prop)) { declaration.remove(); dropped += 1; }
    });
  }
  root.walkRules((rule) => { if (rule.nodes.length === 0) rule.remove(); });
}

/* What looks the same in every writing: backgrounds without a picture, the tick of a box with its direction, circles. */
const isTheSame = ({ prop, value, parent }) => prop === "direction" ||
  (prop === "background" && value === "0 0") || parent.parent?.name === "keyframes" || parent.selector.includes("checkbox:checked");

function checkBothDirections(css) {
  const [before, after] = [css, rtlcss.process(css)].map((text) => {
    const found = [];
    postcss.parse(text).walkDecls((one) => { found.push(one); });
    return found;
  });
  const mirrored = before.filter((one, at) => !isTheSame(one) && String(one) !== String(after[at]));
  if (mirrored.length > 0) throw new Error(`depends on the writing direction: ${mirrored.join("; ")}`);
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
  // The tick is placed and turned by hand, from the left.
  root.walkRules(".kern-form-check__checkbox", (rule) => { rule.append({ prop: "direction", value: "ltr" }); });
  dropUnread(root);
  root.walkAtRules("media", (rule) => {
    if (rule.params === "(prefers-color-scheme: dark)") rule.params = "screen and (prefers-color-scheme: dark)";
    if (rule.params === "(prefers-color-scheme: light)") rule.params = "print, (prefers-color-scheme: light)";
  });
  root.walkAtRules((rule) => { if (rule.nodes?.length === 0) rule.remove(); });
  const { code } = transform({ filename: "kern.css", code: Buffer.from(root.toString()), minify: true });
  const { version } = JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
  const banner = `/* KERN Design System ${version}, EUPL-1.2, https://www.kern-ux.de; changed: reduced to what is in use, ` +
    "made independent of writing direction, always light on paper, minified (see ../build.mjs) */\n";
  checkBothDirections(code.toString());
  mkdirSync(join(target, "kern"), { recursive: true });
  writeFileSync(join(target, "kern/kern.css"), banner + code.toString() + "\n");
  copyFileSync(join(packages, name, "LICENSE.md"), join(target, "kern/LICENSE.md"));
  record("kern/kern.css", name, "dist/kern.css", "reduced to the components and variables in use, logical properties, light colours in print, minified");
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

/* Latin Extended-A, Romanian's letters with comma, and the large sharp s: a tenth of the font they come from. */
const EUROPEAN = [[0x100, 0x17f], [0x218, 0x21b], [0x1e9e, 0x1e9e]];

async function writeEuropean(weights) {
  const letters = EUROPEAN.map(([first, last]) => String.fromCodePoint(...Array.from({ length: last - first + 1 }, (_, at) => first + at)));
  for (const weight of weights) {
    const source = `files/fira-sans-latin-ext-${weight}-normal.woff2`;
    const file = `fonts/fira-sans-european-${weight}-normal.woff2`;
    const font = readFileSync(join(packages, "@fontsource/fira-sans", source));
    writeFileSync(join(target, file), await subsetFont(font, letters.join(""), { targetFormat: "woff2" }));
    record(file, "@fontsource/fira-sans", source, "reduced to U+0100-017F, U+0218-021B, U+1E9E");
  }
}

writeKern();
writeFonts("@fontsource/fira-sans", ["latin", "latin-ext", "cyrillic", "cyrillic-ext"], [400, 600], "fira-sans-LICENSE.txt");
await writeEuropean([400, 600]);
writeFonts("@fontsource/noto-sans-arabic", ["arabic"], [400, 600], "noto-sans-arabic-LICENSE.txt");
writeFileSync(join(target, "MANIFEST.json"), JSON.stringify(manifest, null, 2) + "\n");
