import { readFileSync } from "node:fs";

// What the licence of a typeface asks for: its text goes with the files. Vite lists the packages of scripts alone.
const withTypefaces = (...names) => ({
  name: "licences-of-typefaces",
  generateBundle: {
    order: "post",
    handler(_, bundle) {
      const listed = bundle["licences.md"];
      for (const name of names) {
        const folder = new URL(`node_modules/${name}/`, import.meta.url);
        const { version, license } = JSON.parse(readFileSync(new URL("package.json", folder), "utf-8"));
        const text = readFileSync(new URL("LICENSE", folder), "utf-8");
        listed.source += `\n## ${name} - ${version} (${license})\n\n${text}`;
      }
    },
  },
});

// Everything into one folder that the service serves; names hold a hash, so a browser may keep a file for ever.
// One line for each script or sheet that a page links: api/bundle.py finds it by this name.
const entries = {
  main: "src/main.ts",
  network: "src/network.ts",
  suggest: "src/suggest.ts",
  waiting: "src/waiting.ts",
  typeface: "src/typeface.css",
};

export default {
  base: "/static/built/",
  publicDir: false,
  logLevel: "warn",
  plugins: [withTypefaces("@fontsource/be-vietnam-pro")],
  build: {
    outDir: "../static/built",
    emptyOutDir: true,
    target: "es2022",
    manifest: "manifest.json",
    license: { fileName: "licences.md" },
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: entries,
      output: {
        entryFileNames: "[name]-[hash].js",
        chunkFileNames: "[name]-[hash].js",
        assetFileNames: "[name]-[hash][extname]",
      },
    },
  },
};
