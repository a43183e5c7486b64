/*
 * Builds everything in this folder from npm packages; run by hand when one is renewed, never by the product:
 *   in an empty folder outside the checkout: npm init -y
 *   npm install @kern-ux/native@2.7 @fontsource/fira-sans@5 @fontsource/noto-sans-arabic@5 @fontsource/arimo@5 \
 *     @fontsource/roboto@5 postcss@8 lightningcss@1 rtlcss@4 subset-font@2 fontkit@2
 *   cp <checkout>/static/vendor/build.mjs . && node build.mjs <checkout>/static/vendor
 * KERN's stylesheet is reduced to the components and variables we use, its left/right properties become start/end,
 * so that one file serves both writing directions (rtlcss must find nothing left to mirror), and paper is always
 * printed in the light colours. Fonts are reduced to the letters of the interface's languages and of their neighbours;
 * fonts.css says which letters each file has, and gives the fonts of the reader's own system the same measures.
 */
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fontkit from "fontkit";
import postcss from "postcss";
import rtlcss from "rtlcss";
import subsetFont from "subset-font";
import { transform } from "lightningcss";

const target = process.argv[2];
const packages = "node_modules";
const manifest = [];

const CLASSES = /\.(kern-[\w-]+)/g;

/* The classes of KERN that our templates name; of a name that is put together there, its beginning. */
function classesInUse() {
  const folder = join(target, "../../templates");
  const templates = readdirSync(folder, { recursive: true }).filter((name) => name.endsWith(".html"));
  return new Set(templates.flatMap((name) => readFileSync(join(folder, name), "utf8").match(/kern-[\w-]+/g) ?? []));
}

const inUse = classesInUse();
const beginnings = [...inUse].filter((name) => /(--|__)$/.test(name));
const isKept = (name) => inUse.has(name) || beginnings.some((beginning) => name.startsWith(beginning));

/* A selector stays when we use every class in it; icons are drawn by our own pictograms. */
function staysInFile(selector) {
  if (selector.includes("data-kern-theme") && !selector.startsWith(":is(body")) return false;
  if (selector.startsWith(":is(body")) return true;
  return [...selector.matchAll(CLASSES)].every(([, name]) => isKept(name));
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

const WEIGHTS = [400, 600];
/* What CSS asks for, and what letters need to stand as they should; hints for coarse screens weigh a third and go. */
const FEATURES = ["kern", "ccmp", "locl", "mark", "mkmk", "liga", "rlig", "calt", "init", "medi", "fina", "isol", "lnum", "tnum"];

const FIRA = "@fontsource/fira-sans";
const ARABIC = "@fontsource/noto-sans-arabic";
/*
 * Each file: its letters, and the family under which styles ask for it. Latin letters stand in every language's pages;
 * other writing is drawn by our fonts in pages of its own, and elsewhere by those of the reader's system.
 */
const FILES = [
  { name: "fira-sans-latin", family: "Fira Sans", from: FIRA, subset: "latin", letters: [
    [0x20, 0x7e], [0xa0, 0xff], [0x131], [0x152, 0x153], [0x2bb, 0x2bc], [0x2c6], [0x2da], [0x2dc], [0x300, 0x301], [0x303, 0x304],
    [0x308, 0x309], [0x323], [0x2013, 0x2014], [0x2018, 0x201a], [0x201c, 0x201e], [0x2022], [0x2026], [0x2039, 0x203a], [0x20ac],
    [0x2122], [0x2191], [0x2193], [0x2212]] },
  // Latin Extended-A, Romanian's letters with comma, the large sharp s, and the money of Turkey and Ukraine.
  { name: "fira-sans-european", family: "Fira Sans", from: FIRA, subset: "latin-ext", letters: [
    [0x100, 0x130], [0x132, 0x151], [0x154, 0x17f], [0x218, 0x21b], [0x1e9e], [0x20b4], [0x20ba]] },
  { name: "fira-sans-cyrillic", family: "Fira Sans Cyrillic", from: FIRA, subset: "cyrillic", letters: [
    [0x400, 0x45f], [0x490, 0x491], [0x2116]] },
  // The letters of Arabic, Persian, Urdu and Kurdish, signs for vowels, both sets of figures, and what joins or parts letters.
  { name: "noto-sans-arabic", family: "Noto Sans Arabic", from: ARABIC, subset: "arabic", letters: [
    [0x60c], [0x61b, 0x61c], [0x61f], [0x621, 0x655], [0x660, 0x66d], [0x670, 0x671], [0x679], [0x67e], [0x686], [0x688], [0x691],
    [0x695], [0x698], [0x6a4], [0x6a9], [0x6af], [0x6b5], [0x6ba], [0x6be], [0x6c0, 0x6c3], [0x6c6], [0x6cc], [0x6ce], [0x6d2, 0x6d5],
    [0x6f0, 0x6f9], [0x200c, 0x200d]] },
];

const source = (name, subset, weight) => join(packages, name, "files", `${name.split("/")[1]}-${subset}-${weight}-normal.woff2`);
const open = (name, subset, weight) => fontkit.create(readFileSync(source(name, subset, weight)));
const hex = (code) => code.toString(16).toUpperCase().padStart(4, "0");
const rangeOf = (letters) => letters.map(([first, last = first]) => `U+${hex(first)}${last > first ? `-${hex(last)}` : ""}`).join(", ");

function spelled(letters, has) {
  const codes = letters.flatMap(([first, last = first]) => Array.from({ length: last - first + 1 }, (_, at) => first + at));
  const missing = codes.filter((code) => !has.has(code));
  if (missing.length > 0) throw new Error(`the font lacks ${missing.map(hex).join(" ")}`);
  return String.fromCodePoint(...codes);
}

/*
 * Optional: whoever sees a first page before the fonts are there keeps that page in the letters of their system, and has
 * ours from the next page on; with "swap" a line that breaks elsewhere would push down all that follows.
 */
async function writeFonts() {
  mkdirSync(join(target, "fonts"), { recursive: true });
  const faces = [];
  for (const { name, family, from, subset, letters } of FILES) for (const weight of WEIGHTS) {
    const text = spelled(letters, new Set(open(from, subset, weight).characterSet));
    const data = readFileSync(source(from, subset, weight));
    const file = `fonts/${name}-${weight}.woff2`;
    writeFileSync(join(target, file), await subsetFont(data, text, { targetFormat: "woff2", keepFeatures: FEATURES, noHinting: true }));
    record(file, from, source(from, subset, weight).slice(join(packages, from).length + 1), "reduced to the letters named in build.mjs, without hints");
    faces.push({ family: `"${family}"`, weight, display: "optional", src: `url("vendor/${file}") format("woff2")`, range: rangeOf(letters) });
  }
  for (const from of [FIRA, ARABIC]) {
    const file = `fonts/${from.split("/")[1]}-LICENSE.txt`;
    copyFileSync(join(packages, from, "LICENSE"), join(target, file));
    record(file, from, "LICENSE");
  }
  return faces;
}

/*
 * What is there before our fonts are, by system. Arimo has the widths of Arial, and Roboto is what Android has: we only
 * measure them. The weight that stands in for 600 is the one these systems have.
 */
const STAND_INS = [
  { family: "Fira Arial", from: "@fontsource/arimo", locals: { 400: ["Arial", "Liberation Sans", "Helvetica"], 600: ["Arial Bold", "Liberation Sans Bold", "Helvetica Bold"] } },
  { family: "Fira Roboto", from: "@fontsource/roboto", locals: { 400: ["Roboto", "Roboto Regular"], 600: ["Roboto Bold", "Roboto"] } },
];
/* The writing, its place in Unicode, and the language and the letters by which it is measured. */
const MEASURED = [
  { subset: "latin", range: "U+0000-03FF, U+1E00-1EFF, U+2000-22FF", language: "de", others: /[^A-Za-zÄÖÜäöüß ,.]/g },
  { subset: "cyrillic", range: "U+0400-052F", language: "uk", others: /[^\u0400-\u045f\u0490\u0491]/g },
];

/* The words that residents read most: those of our own interface. */
function wordsOf(language, others) {
  const catalogue = readFileSync(join(target, `../../translations/${language}/LC_MESSAGES/messages.po`), "utf8");
  const lines = [...catalogue.matchAll(/^(?:msgstr(?:\[\d\])? )?"(.*)"$/gm)].map(([, words]) => words);
  return lines.join(" ").replace(/\\n|%\(\w+\)s|<[^>]*>/g, "").replace(others, "").slice(0, 60_000);
}

const widthOf = (font, text) => font.layout(text).advanceWidth / font.unitsPerEm;
const percent = (share) => `${(100 * share).toFixed(1)}%`;

function standInFaces() {
  return STAND_INS.flatMap(({ family, from, locals }) => WEIGHTS.flatMap((weight) => MEASURED.map(({ subset, range, language, others }) => {
    const text = wordsOf(language, others);
    const own = open(FIRA, subset, weight);
    const size = widthOf(own, text) / widthOf(open(from, subset, weight === 600 ? 700 : weight), text);
    return {
      family: `"${family}"`, weight, src: locals[weight].map((name) => `local("${name}")`).join(", "), range,
      "size-adjust": percent(size), "ascent-override": percent(own.ascent / own.unitsPerEm / size),
      "descent-override": percent(-own.descent / own.unitsPerEm / size), "line-gap-override": "0%",
    };
  })));
}

const PROPERTIES = { family: "font-family", weight: "font-weight", display: "font-display", range: "unicode-range" };

function writeFaces(faces) {
  const lines = faces.map((face) => `@font-face{${Object.entries(face).map(([key, value]) => `${PROPERTIES[key] ?? key}:${value}`).join(";")}}`);
  writeFileSync(join(target, "fonts.css"), `/* Written by build.mjs. */\n${lines.join("\n")}\n`);
}

writeKern();
writeFaces([...await writeFonts(), ...standInFaces()]);
writeFileSync(join(target, "MANIFEST.json"), JSON.stringify(manifest, null, 2) + "\n");
